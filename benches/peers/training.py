"""Times training in scikit-learn and edge-popup in PyTorch beside slt: the same data and hyper-parameters, one thread.

Every run is a whole process. A round runs slt and then the peer, so that both see the same machine; ratios of processor
seconds are taken inside a round, and the median over the rounds is printed. It stops if the results are far apart.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from compare import ROOT, align, publish

PEERS = Path(__file__).resolve().parent
MARK = "training"
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
LOSS_TOLERANCE = 0.02  # of the losses after some epochs of the same training, absolute


@dataclass
class Case:
    work: str  # "backpropagation" or "edge-popup"
    data: str
    arch: str
    sizes: str
    epochs: int  # of a timed run

    @property
    def name(self) -> str:
        return f"{self.data} {self.arch}"


CASES = [
    Case("backpropagation", "circles", "B", "2,75,2", 30),
    Case("backpropagation", "moons", "D", "2,50,50,2", 10),
    Case("edge-popup", "moons", "D", "2,50,50,2", 100),
    Case("edge-popup", "circles", "A", "2,20,2", 100),
]


def run(*command: str | Path) -> str:
    """The output of a process on one thread."""
    environment = os.environ | ONE_THREAD
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def build() -> Path:
    """The program, built in release mode."""
    command = ["cargo", "build", "--release", "-p", "slt-cli", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return Path(next(message["executable"] for message in messages if message.get("executable")))


class Bench:
    """Runs slt and its peers on data in a folder."""

    def __init__(self, slt: Path, folder: Path):
        self.slt, self.folder = slt, folder
        for data in sorted({case.data for case in CASES}):
            for split in ("train", "test"):
                run(slt, "data", data, "--split", split, "--out", folder / f"{data}-{split}.npy")

    def time(self, case: Case, seed: int) -> tuple[dict, dict]:
        """What slt reports of a run, and what the peer does."""
        files = [part for split in ("train", "test") for part in (f"--{split}", self.folder / f"{case.data}-{split}.npy")]
        common = ["--data", case.data, "--arch", case.arch, "--seed", str(seed), "--threads", "1", "--json"]
        if case.work == "edge-popup":
            ours = json.loads(run(self.slt, "edge-popup", *common, "--epochs", str(case.epochs)))
            options = ["--sizes", case.sizes, "--epochs", str(case.epochs), "--seed", str(seed)]
            options += ["--batch-size", str(ours["config"]["batch_size"]), "--keep", str(ours["config"]["keep"])]
            return ours, json.loads(run(sys.executable, PEERS / "edge_popup_peer.py", *files, *options))
        ours = json.loads(run(self.slt, "train", *common, "--max-iter", str(case.epochs)))
        parameters = json.dumps(ours["hyper_parameters"])
        peer = json.loads(run(sys.executable, PEERS / "mlp_peer.py", *files, "--parameters", parameters))
        # The random numbers are the same, so the first epochs are, up to rounding.
        if not abs(ours["loss"] - peer["loss"]) <= LOSS_TOLERANCE:
            sys.exit(f"error: {peer['version']} ends {case.name} at loss {peer['loss']}; slt at {ours['loss']}")
        return ours, peer


def measure(bench: Bench, rounds: int) -> tuple[str, list[str]]:
    """A line on the machine, and the lines of the table."""
    pairs: list[list[tuple[dict, dict]]] = [[] for _ in CASES]
    for round_ in range(rounds):
        print(f"round {round_ + 1} of {rounds} ...", file=sys.stderr)
        for case, of_case in zip(CASES, pairs):
            of_case.append(bench.time(case, round_ + 1))
    versions = dict.fromkeys(of_case[0][1]["version"] for of_case in pairs)
    line = f"one thread, Python {platform.python_version()}, {', '.join(versions)}; median of {rounds} rounds"
    head = ["work", "case", "epochs", "slt ms an epoch", "peer ms an epoch", "peer / slt", "slt s", "peer s", "peer / slt"]
    rows = [row(case, of_case) for case, of_case in zip(CASES, pairs)]
    return line, align([head, *rows], n_text=2)


def row(case: Case, pairs: list[tuple[dict, dict]]) -> list[str]:
    def an_epoch(report: dict) -> float:
        return report["fit_cpu_seconds"] / report["epochs"]

    def whole(report: dict) -> float:
        return report["cpu_seconds"]

    cells = [case.work, case.name, str(case.epochs)]
    for cost, unit, digits in ((an_epoch, 1e3, 2), (whole, 1, 2)):
        ours, peers = ([cost(report) for report in reports] for reports in zip(*pairs))
        cells += [f"{unit * median(ours):.{digits}f}", f"{unit * median(peers):.{digits}f}"]
        cells.append(f"{median(peer / our for our, peer in zip(ours, peers)):.1f} x")
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of [default: 5]")
    parser.add_argument("--slt", type=Path, metavar="FILE", help="the program [default: it is built]")
    parser.add_argument("--update", type=Path, metavar="FILE", help="also put the table into a document")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is {arguments.rounds}, it must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.slt or build(), Path(folder))
        line, lines = measure(bench, arguments.rounds)
    publish(line, lines, arguments.update, MARK)


if __name__ == "__main__":
    main()
