"""Times the Python package: a fit beside `slt search` on the same numbers, and predictions beside scikit-learn's MLPClassifier.

One thread. A round runs both sides, so that they see the same machine; ratios of processor seconds are taken inside a round, and the
median over the rounds is printed. It stops if the tickets of Python and the program differ, or predictions of parts and of the whole.
"""

import os

# Before numpy is loaded, which reads them once.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import sklearn
import slt
from sklearn.datasets import load_breast_cancer
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from compare import align, update
from training import build

FITS, PREDICTIONS = "python-fit", "python-predict"
ROWS = 1_000_000


def cpu_seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Processor seconds of all threads of this process, and what came out."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def tasks() -> dict[str, tuple[np.ndarray, np.ndarray, tuple[int, ...]]]:
    """Samples, labels and hidden layers, by name."""
    digits = slt.datasets.digits()
    circles, _, labels, _ = slt.datasets.paper("circles")
    return {
        "breast cancer [30,50,50,2]": (*load_breast_cancer(return_X_y=True), (50, 50)),
        "digits [64,20,20,10]": (*digits, (20, 20)),
        "circles [2,20,2]": (circles, labels, (20,)),
    }


def time_fit(program: Path, X: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], seed: int) -> list[float]:
    """Processor seconds of the program's search, of the whole program, and of a fit."""
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data.npz", Path(folder) / "out.slt"
        # All rows are searched on. What is tested on chooses nothing; a fit has its training part for that, too.
        np.savez(data, x_train=X, y_train=y, x_test=X, y_test=y)
        call = [program, "search", "--data", data, "--hidden", ",".join(map(str, hidden)), "--seed", str(seed)]
        call += ["--threads", "1", "--out", out, "--json", "--quiet"]
        report = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)
        theirs = slt.Ticket.load(out)
    classifier = slt.TicketClassifier(hidden, random_state=seed, n_jobs=1)
    seconds, _ = cpu_seconds(lambda: classifier.fit(X, y))
    if classifier.ticket_.lean_bytes != theirs.lean_bytes:
        sys.exit(f"error: Python and the program find different tickets with seed {seed} and layers {hidden}")
    return [report["fit_cpu_seconds"], report["cpu_seconds"], seconds]


def fits(program: Path, rounds: int) -> list[str]:
    """The table of fits."""
    lines = [["task", "slt search s", "its search s", "fit s", "fit / slt search", "fit / its search"]]
    for name, (X, y, hidden) in tasks().items():
        X = np.ascontiguousarray(X, np.float32)
        times = []
        for seed in range(1, rounds + 1):
            print(f"{name}, round {seed} of {rounds} ...", file=sys.stderr)
            times.append(time_fit(program, X, y, hidden, seed))
        search, whole, fit = map(median, zip(*times))
        ratios = [median(fit / whole for _, whole, fit in times), median(fit / search for search, _, fit in times)]
        lines.append([name, *(f"{t:.3f}" for t in (whole, search, fit)), *(f"{ratio:.3f}" for ratio in ratios)])
    return align(lines, n_text=1)


def predictions(rounds: int) -> list[str]:
    """The table of predictions."""
    X, y = load_breast_cancer(return_X_y=True)
    X = X.astype(np.float32)
    rows = np.ascontiguousarray(X[np.random.default_rng(0).integers(0, len(X), ROWS)])
    tickets = {
        "TicketClassifier": slt.TicketClassifier(random_state=1, n_jobs=1).fit(X, y),
        "TicketClassifier(price=1e-3)": slt.TicketClassifier(price=1e-3, random_state=1, n_jobs=1).fit(X, y),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        trained = MLPClassifier((50, 50), max_iter=50, random_state=1).fit(X, y)
    if trained.coefs_[0].dtype != np.float32:
        sys.exit("error: scikit-learn does not compute in single precision")
    lines = [["method", "classifier", "s", "scikit-learn s", "scikit-learn / slt"]]
    for method in ("predict", "predict_proba"):
        for name, ticket in tickets.items():
            whole, part = getattr(ticket, method)(rows), getattr(ticket, method)(rows[: len(rows) // 7])
            if not np.array_equal(whole[: len(part)], part):
                sys.exit(f"error: {method} says something else of a part of the rows than of all")
            pairs = []
            for _ in range(rounds):
                ours, _ = cpu_seconds(lambda: getattr(ticket, method)(rows))
                theirs, _ = cpu_seconds(lambda: getattr(trained, method)(rows))
                pairs.append((ours, theirs))
            ours, theirs = map(median, zip(*pairs))
            ratio = median(theirs / ours for ours, theirs in pairs)
            sparsity = f"{name}, {100 * ticket.ticket_.sparsity:.0f} % sparsity"
            lines.append([method, sparsity, f"{ours:.3f}", f"{theirs:.3f}", f"{ratio:.1f} x"])
    return align(lines, n_text=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of [default: 5]")
    parser.add_argument("--slt", type=Path, metavar="FILE", help="the program [default: it is built]")
    parser.add_argument("--update", type=Path, metavar="FILE", help="also put the tables into a document")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is {arguments.rounds}, it must be at least 1")
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scikit-learn {sklearn.__version__}"
    line = f"one thread, {versions}, slt {slt.__version__}; median of {arguments.rounds} rounds"
    program = arguments.slt or build()
    for mark, lines in ((FITS, fits(program, arguments.rounds)), (PREDICTIONS, predictions(arguments.rounds))):
        block = "\n".join([line, "", *lines])
        print(block)
        if arguments.update:
            update(arguments.update, block, mark)


if __name__ == "__main__":
    main()
