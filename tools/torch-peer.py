#!/usr/bin/env python3
"""Times PyTorch on what NanoNet is timed on: matrix products, and training steps and inference of Models A and B.

Each case runs in the form that is fastest there: eagerly and as the replay of a CUDA graph, in float32 and in TF32, Model B in both memory
layouts, of which the faster counts, with cuDNN choosing among its algorithms. Inputs are ready on the device, and nothing but the loss is
computed beside the step, where NanoNet's own figures include gathering the batch and counting what is right.

Prints a line a case:
    peer torch eager model B batch 32 tf32: train 0.906 ms/step, infer 0.163 ms/batch (channels_last)
    peer torch matmul 4096 float32: 2.75 ms, 50.0 TFLOP/s
Exit codes: 0 done, 2 wrong arguments, 3 PyTorch or its GPU is missing (one sentence says which).
"""
import argparse
import statistics
import sys
import time
import warnings

LEARNING_RATE = 0.01
MISSING = 3

# In relative norm. Sums of a thousand products are off by 1e-6 at most, Winograd's convolutions by ten times that, TF32 by 3e-4.
FLOAT32_ERROR = 5e-5


def words(allowed):
    """A list separated by commas, of which each must be allowed."""
    def parse(text):
        chosen = text.split(",")
        for one in chosen:
            if one not in allowed:
                raise argparse.ArgumentTypeError(f"'{one}' is none of {', '.join(allowed)}")
        return chosen
    return parse


def numbers(text):
    chosen = [int(one) for one in text.split(",") if one]
    if any(one < 1 for one in chosen):
        raise argparse.ArgumentTypeError("sizes are at least 1")
    return chosen


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu has neither graphs nor TF32")
    parser.add_argument("--models", type=words(["A", "B"]), default=["A", "B"])
    parser.add_argument("--batches", type=numbers, default=[32, 128, 256, 1024])
    parser.add_argument("--precisions", type=words(["float32", "tf32"]), default=["float32", "tf32"])
    parser.add_argument("--modes", type=words(["eager", "graph"]), default=["eager", "graph"])
    parser.add_argument("--matmul", type=numbers, default=[1024, 2048, 4096, 8192], help="sizes of square products; empty for none")
    parser.add_argument("--seconds", type=float, default=0.1, help="the least that a timed round takes")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts")
    return parser.parse_args()


def load_torch(device):
    """PyTorch, or the end of the program with the reason."""
    try:
        import torch
    except ImportError as error:
        print(f"PyTorch is missing for {sys.executable}: {error}. Install it, or name another Python.", file=sys.stderr)
        sys.exit(MISSING)
    if device == "cuda" and not torch.cuda.is_available():
        built = f"is built for CUDA {torch.version.cuda}" if torch.version.cuda else "is built without CUDA"
        print(f"PyTorch {torch.__version__} {built} and finds no GPU. --device cpu runs without one.", file=sys.stderr)
        sys.exit(MISSING)
    return torch


def set_precision(torch, precision):
    try:
        torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        torch.backends.cudnn.allow_tf32 = precision == "tf32"
    except (AttributeError, RuntimeError):
        # PyTorch from 2.9 on calls these settings old; what it gives in their place:
        torch.backends.cuda.matmul.fp32_precision = "tf32" if precision == "tf32" else "ieee"
        torch.backends.cudnn.conv.fp32_precision = "tf32" if precision == "tf32" else "ieee"


def check_precision(torch, options, precision):
    """Says how far products and convolutions are off, and ends the program where float32 was asked for and is not what one gets."""
    a, b = (torch.rand(1024, 1024, device=options.device) - 0.5 for _ in range(2))
    x, f = torch.rand(32, 128, 14, 14, device=options.device) - 0.5, torch.rand(128, 128, 3, 3, device=options.device) - 0.5
    convolve = torch.nn.functional.conv2d
    exact = [a.double() @ b.double(), convolve(x.double(), f.double(), padding=1)]
    actual = [a @ b, convolve(x, f, padding=1)]
    errors = [((one.double() - true).norm() / true.norm()).item() for one, true in zip(actual, exact)]
    print(f"peer torch {precision}: products are off by {errors[0]:.1e}, convolutions by {errors[1]:.1e}, in relative norm", flush=True)
    if precision == "float32" and max(errors) > FLOAT32_ERROR:
        print("PyTorch does not compute in float32 when asked to: nothing here could be compared.", file=sys.stderr)
        sys.exit(1)


def model_a(nn):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(inplace=True), nn.Dropout(0.2), nn.Linear(256, 128), nn.ReLU(inplace=True),
        nn.Linear(128, 64), nn.ReLU(inplace=True), nn.Dropout(0.2), nn.Linear(64, 10))


def model_b(nn):
    layers = []
    for inputs, outputs, size, pools in [(1, 64, 7, True), (64, 128, 3, False), (128, 128, 3, True), (128, 256, 3, False), (256, 256, 3, True)]:
        layers += [nn.Conv2d(inputs, outputs, size, padding=size // 2), nn.ReLU(inplace=True)]
        layers += [nn.MaxPool2d(2)] if pools else []
    for inputs, outputs in [(2304, 128), (128, 64)]:
        layers += [nn.Flatten()] if inputs == 2304 else []
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True), nn.Dropout(0.5)]
    return nn.Sequential(*layers, nn.Linear(64, 10))


PARAMETERS = {"A": 242_762, "B": 1_413_834}


class Timer:
    """Times calls: by the device's own events on a GPU, by the clock on a CPU."""

    def __init__(self, torch, device, rounds, seconds):
        self.torch, self.on_gpu, self.rounds, self.seconds = torch, device == "cuda", rounds, seconds

    def milliseconds(self, call):
        for _ in range(3):
            call()
        once = self._total(call, 3) / 3
        calls = max(1, int(1000 * self.seconds / max(once, 1e-3)))
        self._total(call, calls)
        return statistics.median(self._total(call, calls) / calls for _ in range(self.rounds))

    def _total(self, call, calls):
        if not self.on_gpu:
            start = time.perf_counter()
            for _ in range(calls):
                call()
            return 1000 * (time.perf_counter() - start)
        start, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        self.torch.cuda.synchronize()
        start.record()
        for _ in range(calls):
            call()
        end.record()
        end.synchronize()
        return start.elapsed_time(end)


def captured(torch, call):
    """The replay of a call as a CUDA graph. What PyTorch prepares at first use must lie behind it, on a stream of its own."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(5):
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def optimizer_for(torch, model, device):
    """SGD in one kernel where this PyTorch has it, else as it comes."""
    try:
        return torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, fused=device == "cuda")
    except (TypeError, RuntimeError):
        return torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)


def time_model(torch, timer, options, kind, batch, mode, layout):
    """A training step and an inference in milliseconds."""
    torch.manual_seed(1)
    model = (model_a if kind == "A" else model_b)(torch.nn).to(options.device, memory_format=layout)
    assert sum(parameter.numel() for parameter in model.parameters()) == PARAMETERS[kind]
    x = torch.rand(batch, 28, 28, 1, device=options.device).permute(0, 3, 1, 2)
    if layout == torch.contiguous_format:
        x = x.contiguous()
    y = torch.randint(10, (batch,), device=options.device)
    optimizer = optimizer_for(torch, model, options.device)
    loss = torch.nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss(model(x), y).backward()
        optimizer.step()

    def infer():
        with torch.no_grad():
            model(x)

    model.train()
    train_time = timer.milliseconds(captured(torch, train) if mode == "graph" else train)
    model.eval()
    return train_time, timer.milliseconds(captured(torch, infer) if mode == "graph" else infer)


def time_models(torch, timer, options, precision):
    for kind in options.models:
        layouts = ["contiguous", "channels_last"] if kind == "B" else ["contiguous"]
        for batch in options.batches:
            for mode in options.modes:
                times = {
                    name: time_model(torch, timer, options, kind, batch, mode,
                                     torch.channels_last if name == "channels_last" else torch.contiguous_format)
                    for name in layouts}
                train = min(layouts, key=lambda name: times[name][0])
                infer = min(layouts, key=lambda name: times[name][1])
                print(f"peer torch {mode} model {kind} batch {batch} {precision}: train {times[train][0]:.4f} ms/step, "
                      f"infer {times[infer][1]:.4f} ms/batch ({train if train == infer else f'{train}, {infer}'})", flush=True)


def time_products(torch, timer, options, precision):
    for size in options.matmul:
        a, b = (torch.rand(size, size, device=options.device) - 0.5 for _ in range(2))
        c = torch.empty_like(a)
        elapsed = timer.milliseconds(lambda: torch.matmul(a, b, out=c))
        print(f"peer torch matmul {size} {precision}: {elapsed:.4f} ms, {2e-9 * size ** 3 / elapsed:.2f} TFLOP/s", flush=True)


def main():
    options = arguments()
    torch = load_torch(options.device)
    warnings.filterwarnings("ignore")
    on_gpu = options.device == "cuda"
    if not on_gpu:
        options.modes = [mode for mode in options.modes if mode == "eager"]
        options.precisions = [precision for precision in options.precisions if precision == "float32"]
    torch.backends.cudnn.benchmark = True
    device = torch.cuda.get_device_name() if on_gpu else f"CPU, {torch.get_num_threads()} threads"
    print(f"peer torch {torch.__version__} on {device}", flush=True)
    timer = Timer(torch, options.device, options.rounds, options.seconds)
    for precision in options.precisions:
        set_precision(torch, precision)
        check_precision(torch, options, precision)
        time_products(torch, timer, options, precision)
        time_models(torch, timer, options, precision)


if __name__ == "__main__":
    main()
