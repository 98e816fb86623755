#!/usr/bin/env python3
"""Times NanoNet against a peer on the same machine: one after the other, again and again; medians and their ratios as a table.

The peer is any command that takes a model and a batch size and prints a line like NanoNet's own:
    nanonet cpu model B batch 32: train X ms/step, infer Y ms/batch
Build first: dotnet build -c Release NanoNet.Benchmarks
"""
import argparse
import re
import shlex
import statistics
import subprocess
import sys

CASES = [("A", 32), ("A", 128), ("A", 512), ("B", 32), ("B", 128)]
OURS = "dotnet NanoNet.Benchmarks/bin/Release/net10.0/NanoNet.Benchmarks.dll steps --device cpu --model {model} --batch {batch}"
LINE = re.compile(r"train ([\d.]+) ms/step, infer ([\d.]+) ms/batch")


def measure(command, model, batch):
    run = subprocess.run(shlex.split(command.format(model=model, batch=batch)), capture_output=True, text=True)
    found = LINE.findall(run.stdout)
    if not found:
        sys.exit(f"No times in what '{command}' printed:\n{run.stdout}{run.stderr}")
    return [float(value) for value in found[-1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the peer's command, with {model} and {batch} in it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--case", action="append", help="such as B:32; all when left out")
    arguments = parser.parse_args()
    cases = [(case.split(":")[0], int(case.split(":")[1])) for case in arguments.case] if arguments.case else CASES
    print("| model | batch | training step: NanoNet | peer | ratio | inference: NanoNet | peer | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for model, batch in cases:
        rounds = [(measure(OURS, model, batch), measure(arguments.peer, model, batch)) for _ in range(arguments.rounds)]
        row = []
        for kind in range(2):
            ours = statistics.median(own[kind] for own, _ in rounds)
            peers = statistics.median(peer[kind] for _, peer in rounds)
            ratio = statistics.median(peer[kind] / own[kind] for own, peer in rounds)
            row += [f"{ours:.3g} ms", f"{peers:.3g} ms", f"{ratio:.2f}"]
        print(f"| {model} | {batch} | " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
