#!/usr/bin/env python3
"""Recomputes the confusion matrix, the pairs and the extremes with NumPy alone, and compares them with results.json.

    python3 tools/check-results.py [output] [--data DIR] [--double]

Weights come from the saved .keras files by h5py, images from the IDX files; nothing of NanoNet is used. On Debian:
apt install python3-numpy python3-h5py libopenblas0 (without the last, NumPy takes minutes for Model B). Exit code 0 when everything agrees, 1 when not.
"""
import argparse
import gzip
import json
import os
import sys
import time
import zipfile
from io import BytesIO

import h5py
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLIP = 1e-7                                    # Keras' epsilon: no loss from probabilities is above -ln of it
CEILING = -np.log(CLIP)
TOO_CLOSE = 1e-4                               # scores of two classes nearer than this may change places by rounding
LOSS_TOLERANCE, PROBABILITY_TOLERANCE = 1e-3, 1e-4


def read_idx(folder, name):
    for path, opener in ((os.path.join(folder, name), open), (os.path.join(folder, name + ".gz"), gzip.open)):
        if os.path.exists(path):
            with opener(path, "rb") as stream:
                content = stream.read()
            shape = [int.from_bytes(content[4 + 4 * i:8 + 4 * i], "big") for i in range(content[3])]
            return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)
    sys.exit(f"{folder} has no {name}; --data DIR names the folder that holds fashion-mnist.")


class Model:
    """A Sequential model of a .keras file, forward only."""

    def __init__(self, path, dtype):
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            weights = h5py.File(BytesIO(archive.read("model.weights.h5")), "r")
        self.dtype = dtype
        self.layers = []
        counts = {}
        for layer in config["config"]["layers"]:
            kind, settings = layer["class_name"], layer["config"]
            if kind == "InputLayer":
                self.shape = settings["batch_shape"][1:]
                continue
            stem = {"Conv2D": "conv2d", "MaxPooling2D": "max_pooling2d"}.get(kind, kind.lower())
            count = counts[stem] = counts.get(stem, -1) + 1
            group = weights[f"layers/{stem}_{count}/vars" if count else f"layers/{stem}/vars"]
            arrays = [np.asarray(group[key], dtype) for key in sorted(group, key=int)]
            self.layers.append((kind, settings, arrays))

    def scores(self, images, batch=100):
        """What goes into the last softmax, [images, classes]."""
        parts = []
        for start in range(0, len(images), batch):
            x = images[start:start + batch].reshape(-1, *self.shape).astype(self.dtype) / self.dtype(255)
            for kind, settings, arrays in self.layers:
                x = self.apply(x, kind, settings, arrays)
            parts.append(x)
        return np.concatenate(parts).astype(np.float64)

    def apply(self, x, kind, settings, arrays):
        if kind == "Flatten":
            return x.reshape(len(x), -1)
        if kind == "Dropout":
            return x
        if kind == "MaxPooling2D":
            height, width = settings["pool_size"]
            n, h, w, c = x.shape
            x = x[:, :h // height * height, :w // width * width]
            return x.reshape(n, h // height, height, w // width, width, c).max((2, 4))
        if kind == "Dense":
            x = x @ arrays[0] + arrays[1]
        elif kind == "Conv2D":
            x = convolve(x, arrays[0]) + arrays[1]
        else:
            sys.exit(f"This script knows no layer {kind}.")
        return np.maximum(x, 0) if settings["activation"] == "relu" else x


def convolve(x, kernel):
    """Stride 1, zeros around ("same"): every window a row, then one product."""
    height, width, channels, filters = kernel.shape
    n, h, w, _ = x.shape
    padded = np.pad(x, ((0, 0), (height // 2, height // 2), (width // 2, width // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), (1, 2))
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * h * w, height * width * channels)
    return (rows @ kernel.reshape(-1, filters)).reshape(n, h, w, filters)


class Checks:
    def __init__(self):
        self.failed = 0

    def say(self, holds, what):
        print(f"  {'agrees  ' if holds else 'DIFFERS '} {what}")
        self.failed += not holds


def check_model(name, results, folder, images, labels, dtype, checks):
    print(f"Model {name}")
    begin = time.monotonic()
    scores = Model(os.path.join(folder, "models", f"model-{name.lower()}.keras"), dtype).scores(images)
    log_softmax = scores - scores.max(1, keepdims=True)
    log_softmax -= np.log(np.exp(log_softmax).sum(1, keepdims=True))
    predicted = scores.argmax(1)
    top = np.sort(scores, 1)
    close = int((top[:, -1] - top[:, -2] < TOO_CLOSE).sum())
    classes = scores.shape[1]
    print(f"  {len(images)} images by NumPy in {time.monotonic() - begin:.0f} s; {close} too close to call")

    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (labels, predicted), 1)
    theirs = np.array(results["confusion"])
    moved = int(np.abs(confusion - theirs).sum()) // 2
    checks.say(moved <= close, f"confusion matrix: {confusion.trace()} right, {moved} images elsewhere")

    score = theirs + theirs.T                                  # of their matrix: a close call must not reorder pairs
    pairs = sorted(((i, j) for i in range(classes) for j in range(i + 1, classes)), key=lambda p: -score[p])
    listed = [(p["i"], p["j"]) for p in results["confused_pairs"]]
    names = [" and ".join(p["names"]) + f" ({p['score']})" for p in results["confused_pairs"][:3]]
    same = listed == pairs and all(p["score"] == score[p["i"], p["j"]] for p in results["confused_pairs"])
    checks.say(same, f"pairs, all {len(pairs)}: {', '.join(names)}")

    own_loss = np.minimum(-log_softmax[np.arange(len(labels)), labels], CEILING)
    test = results.get("test")
    if test:
        accuracy, loss = (predicted == labels).mean(), own_loss.mean()
        holds = abs(accuracy - test["accuracy"]) * len(labels) <= close + 0.5 and abs(loss - test["loss"]) < LOSS_TOLERANCE
        checks.say(holds, f"test accuracy {accuracy:.4f}, loss {loss:.4f}")

    exact_loss = -log_softmax[np.arange(len(labels)), labels]
    probability = np.exp(log_softmax)
    for quantity in ("loss", "probability"):
        for end in ("lowest", "highest"):
            same = ties = wrong = 0
            for i in range(classes):
                for j in range(classes):
                    cell = results["extremes"][quantity][end][i][j]
                    members = np.flatnonzero((labels == i) & (predicted == j)) if i != j else []
                    if (cell is None) != (len(members) == 0):
                        wrong += close == 0
                        continue
                    if cell is None:
                        continue
                    # The unclipped log-softmax orders as value and tie-break together do.
                    value = exact_loss if quantity == "loss" else log_softmax[:, j]
                    best = members[np.argmin(value[members]) if end == "lowest" else np.argmax(value[members])]
                    index = cell["index"]
                    if not (labels[index] == i and abs(own_loss[index] - cell["loss"]) <= LOSS_TOLERANCE * max(1, cell["loss"])
                            and abs(probability[index, j] - cell["probability"]) <= PROBABILITY_TOLERANCE):
                        wrong += 1
                    elif index == best:
                        same += 1
                    elif abs(value[index] - value[best]) <= TOO_CLOSE * max(1, abs(value[best])):
                        ties += 1
                    else:
                        wrong += 1
            text = f"extremes, {end} {quantity}: {same} of {same + ties + wrong} cells hold the same image"
            checks.say(wrong == 0, text + (f", {ties} another one just as extreme" if ties else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", default="output", help="the folder that the assignment wrote")
    parser.add_argument("--data", help="the folder that holds fashion-mnist; as the program takes it")
    parser.add_argument("--double", action="store_true", help="compute in double precision")
    arguments = parser.parse_args()

    path = os.path.join(arguments.output, "results.json")
    if not os.path.exists(path):
        sys.exit(f"There is no {path}; run the assignment first, or name its output folder.")
    with open(path) as stream:
        results = json.load(stream)
    folder = os.path.join(arguments.data or os.environ.get("NANONET_DATA") or os.path.join(ROOT, "data"), "fashion-mnist")
    images, labels = read_idx(folder, "t10k-images-idx3-ubyte"), read_idx(folder, "t10k-labels-idx1-ubyte").astype(int)
    checks = Checks()
    done = [name for name, model in results["models"].items() if model.get("confusion") and model.get("extremes")]
    for name in done:
        check_model(name, results["models"][name], arguments.output, images, labels,
                    np.float64 if arguments.double else np.float32, checks)
    if not done:
        sys.exit("No model has a confusion matrix and extremes yet.")
    print(f"Verdict: {'everything agrees' if checks.failed == 0 else f'{checks.failed} differences'} "
          f"({', '.join('Model ' + name for name in done)}; NumPy {np.__version__}, h5py {h5py.__version__})")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
