#!/usr/bin/env python3
"""Kills the assignment at random moments, runs it again, and asks for the very results of a run that nobody disturbed.

    dotnet build && python3 tools/check-resume.py [--kills 20] [--seed 1] [--model A] [--stop kill|interrupt]

Each trial starts a run of all four exercises on a few images, ends it (kill -9, or Ctrl-C's signal) after a random time,
perhaps again, and then lets it run to its end. Every second stop waits for the next moment at which a file is being
written. After each stop no file may be half-written under its own name; at the end results.json must equal that of the
undisturbed run but for times. Twenty stops take about as long as thirty undisturbed runs. Needs nothing but Python.
"""
import argparse
import gzip
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PARTS = {"fashion-mnist": ("fashion-mnist", 1500, 300), "mnist-10k": ("mnist", 1000, 300)}
COUNTED_TIMES = ("seconds",)


def cut_data(folder):
    """The first images of what the repository holds, as a data folder of their own."""
    for source, (target, train, test) in PARTS.items():
        os.makedirs(os.path.join(folder, target))
        for prefix, count in (("train", train), ("t10k", test)):
            for kind, header, item in (("images-idx3", 16, 784), ("labels-idx1", 8, 1)):
                name = f"{prefix}-{kind}-ubyte"
                with gzip.open(os.path.join(ROOT, "data", source, name + ".gz")) as stream:
                    head, body = stream.read(header), stream.read(count * item)
                with open(os.path.join(folder, target, name), "wb") as stream:
                    stream.write(head[:4] + struct.pack(">I", count) + head[8:] + body)


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in COUNTED_TIMES}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def results(folder):
    with open(os.path.join(folder, "results.json")) as stream:
        return without_times(json.load(stream))


def unfinished(folder):
    """The files that are being written, or were when the program was stopped."""
    return [name for _, _, names in os.walk(folder) for name in names if ".partial" in name]


def wait_for_writing(folder, seconds):
    """Returns as soon as a file is being written. Looks as often as it can: most are written in a millisecond."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not unfinished(folder):
        pass


def assert_whole(folder):
    """Every file under its own name can be read to its end; what has a temporary name does not count."""
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if name == ".lock" or ".partial" in name:
                continue
            with open(path, "rb") as stream:
                content = stream.read()
            if name.endswith(".json"):
                json.loads(content)
            elif name.endswith(".png"):
                assert content[:8] == b"\x89PNG\r\n\x1a\n" and content[-12:] == b"\0\0\0\0IEND\xaeB`\x82", path
            elif name.endswith(".keras"):
                with zipfile.ZipFile(path) as archive:
                    assert archive.testzip() is None and "model.weights.h5" in archive.namelist(), path
            elif name.endswith((".csv", ".md")):
                assert content.endswith(b"\n"), path
            elif name.endswith(".html"):
                assert content.rstrip().endswith(b"</html>"), path
            else:
                raise AssertionError(f"what is {path}?")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--model", default="A")
    parser.add_argument("--stop", choices=("kill", "interrupt"), default="kill")
    parser.add_argument("--program", default=os.path.join(ROOT, "NanoNet.Assignment/bin/Debug/net10.0/NanoNet.Assignment.dll"))
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    stop = signal.SIGKILL if arguments.stop == "kill" else signal.SIGINT

    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        cut_data(data)

        def start(out):
            command = ["dotnet", arguments.program, "all", "--model", arguments.model, "--device", "cpu", "--epochs", "4",
                       "--transfer-epochs", "4", "--transfer-step", "50", "--data", data, "--out", out]
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def finish(out):
            process = start(out)
            said, _ = process.communicate()
            assert process.returncode == 0, f"exit code {process.returncode}:\n{said}"
            return said

        whole = os.path.join(folder, "whole")
        begin = time.monotonic()
        finish(whole)
        duration = time.monotonic() - begin
        expected = results(whole)
        print(f"an undisturbed run takes {duration:.1f} s", flush=True)

        kills = wrong = resumed = writing = 0
        while kills < arguments.kills:
            out = os.path.join(folder, "disturbed")
            shutil.rmtree(out, ignore_errors=True)
            again = True
            while again and kills < arguments.kills:
                process = start(out)
                moment = moments.uniform(0.1, 1) * duration
                try:
                    process.wait(moment)
                    break
                except subprocess.TimeoutExpired:
                    if kills % 2:
                        wait_for_writing(out, duration / 4)
                    process.send_signal(stop)
                    process.wait()
                    process.stdout.close()
                kills += 1
                assert_whole(out)
                whole_files = sum(len(names) for _, _, names in os.walk(out)) - len(unfinished(out))
                writing += bool(unfinished(out))
                print(f"  {kills:3}: stopped after {moment:4.1f} s, {whole_files} whole files"
                      + "".join(f", half of {name}" for name in unfinished(out)), flush=True)
                again = moments.random() < 0.3
            said = finish(out)
            resumed += "earlier run" in said or "Already trained" in said
            assert_whole(out)
            left = unfinished(out) + [name for name in os.listdir(out) if name.startswith(".")]
            if results(out) != expected or left:
                wrong += 1
                print(f"       ended in other results; left over: {left}")
        print(f"{kills} stops, {writing} of them while a file was being written; {resumed} runs went on where they had been, "
              f"{wrong} ended in other results: {'FAILED' if wrong else 'all as if undisturbed'}")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
