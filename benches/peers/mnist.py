"""Masks for [784,300,100,10] on MNIST: the search by units beside edge-popup in PyTorch, and edge-popup in both, on one thread.

Every run is a whole process; processor seconds are those of the search or the training, with what they prepare, without start-up and
reading of files. Runs take turns, so that they see the same machine.
"""

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path
from statistics import mean

import numpy as np

from compare import align, publish
from training import PEERS, build, run

MARK = "mnist"
AIMS = (0.953, 0.97)
NETWORK = ["--hidden", "300,100", "--weights", "signed-constant", "--biases", "zero", "--scaling", "max-abs"]
SEARCHES = {"12000": "one sweep", "12000,30000": "two sweeps", "auto": "seven sweeps"}
EPOCHS = (3, 10)  # over which the learning rate falls to zero, each a run of its own


def images(folder: Path, name: str) -> np.ndarray:
    """A table of float32 as `slt data` writes it, of one part of MNIST: pixels from 0 to 1, then the label."""
    def read(kind: str, header: int) -> np.ndarray:
        return np.frombuffer((folder / f"{name}-{kind}-ubyte").read_bytes(), np.uint8, offset=header)

    labels = read("labels-idx1", 8)
    pixels = read("images-idx3", 16).reshape(len(labels), -1)
    return np.concatenate([pixels.astype(np.float32) / 255, labels[:, None].astype(np.float32)], axis=1)


class Race:
    """Runs slt and its peer on MNIST in a folder."""

    def __init__(self, slt: Path, data: Path, work: Path):
        self.slt, self.data = slt, data
        self.files = []
        for part, name in (("train", "train"), ("test", "t10k")):
            path = work / f"{part}.npy"
            np.save(path, images(data, name))
            self.files += [f"--{part}", path]

    def search(self, batches: str, seed: int) -> tuple[float, float]:
        """Processor seconds and test accuracy."""
        options = ["--algorithm", "unit-descent", "--keep", "0.25", "--price", "3e-6", "--price-ramp", "0", "--batch", batches]
        words = ["search", "--data", self.data, *NETWORK, *options, "--threads", "1", "--seed", str(seed), "--json"]
        report = json.loads(run(self.slt, *words))
        return report["fit_cpu_seconds"], report["test_accuracy"]

    def edge_popup(self, epochs: int, seed: int) -> tuple[float, float]:
        options = ["--batch-size", "128", "--epochs", str(epochs), "--threads", "1", "--seed", str(seed), "--json"]
        report = json.loads(run(self.slt, "edge-popup", "--data", self.data, *NETWORK, *options))
        return report["fit_cpu_seconds"], report["last"]["test_accuracy"]

    def peer(self, epochs: int, seed: int) -> dict:
        options = ["--batch-size", "128", "--epochs", str(epochs), "--seed", str(seed), "--signed-constant"]
        return json.loads(run(sys.executable, PEERS / "edge_popup_peer.py", *self.files, "--sizes", "784,300,100,10", *options))


def race(bench: Race, seeds: range) -> list[list[str]]:
    """Rows of what each method reaches, and when it reaches the aims."""
    rows = []
    for batches, name in SEARCHES.items():
        runs = [bench.search(batches, seed) for seed in seeds]
        rows.append(["search by units", name, *ends(runs), *(when(aim, [[run] for run in runs]) for aim in AIMS)])
    for epochs in EPOCHS:
        reports = [bench.peer(epochs, seed) for seed in seeds]
        courses = [list(zip(report["seconds"], report["test_accuracies"])) for report in reports]
        rows.append(["edge-popup, torch", f"{epochs} epochs", *ends([course[-1] for course in courses])])
        rows[-1] += [when(aim, courses) for aim in AIMS]
        runs = [bench.edge_popup(epochs, seed) for seed in seeds]
        rows.append(["edge-popup, slt", f"{epochs} epochs", *ends(runs), "", ""])
    return rows


def ends(runs: list[tuple[float, float]]) -> list[str]:
    return [f"{mean(cpu for cpu, _ in runs):.1f}", f"{100 * mean(accuracy for _, accuracy in runs):.2f}"]


def when(aim: float, courses: list[list[tuple[float, float]]]) -> str:
    """Mean processor seconds after which the test accuracy first is as high, if it is in every run."""
    first = [next((cpu for cpu, accuracy in course if accuracy >= aim), None) for course in courses]
    return "never" if None in first else f"{mean(first):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the four files of MNIST, not compressed")
    parser.add_argument("--rounds", type=int, default=3, help="seeds of each [default: 3]")
    parser.add_argument("--slt", type=Path, metavar="FILE", help="the program [default: it is built]")
    parser.add_argument("--update", type=Path, metavar="FILE", help="also put the table into a document")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Race(arguments.slt or build(), arguments.folder, Path(work))
        rows = race(bench, range(1, arguments.rounds + 1))
        version = bench.peer(1, 1)["version"]
    head = ["method", "length", "CPU s", "test accuracy %", *(f"CPU s to {100 * aim:g} %" for aim in AIMS)]
    line = f"one thread, Python {platform.python_version()}, {version}; mean of {arguments.rounds} seeds"
    publish(line, align([head, *rows], n_text=2), arguments.update, MARK)


if __name__ == "__main__":
    main()
