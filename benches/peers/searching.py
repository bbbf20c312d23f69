"""Times the memetic search beside the paper's genetic algorithm and a fit of scikit-learn: the same data and networks, one thread.

A round goes through all cases with a seed of its own; in it all take turns, each as a whole process, so that they see the same
machine. The memetic search also runs for as long as the genetic algorithm takes. Processor seconds are those of the search or the
fit alone, without start-up and loading. Means over the rounds are printed, of accuracies on the test part too.
"""

import argparse
import json
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from compare import align, publish
from training import PEERS, build, run

MARK = "searching"
FIRST_SEED = 1001  # published results have 1 to 25
# The paper's configurations; the table has the one with the higher mean accuracy. Classes in any number are searched on the loss.
GENETIC = {"ga": ["--algorithm", "ga"], "ga-ab": ["--algorithm", "ga-ab"]}
OF_CLASSES = {"ga": ["--algorithm", "ga", "--objective", "cross-entropy"]}


@dataclass(frozen=True)
class Case:
    data: str
    hidden: str
    classes: int | None = None
    scaling: str = "paper"

    @property
    def name(self) -> str:
        parts = [self.data, f"of {self.classes}" if self.classes else "", "normalized" if self.scaling == "minmax" else ""]
        return " ".join(part for part in parts if part)

    @property
    def genetic(self) -> dict[str, list[str]]:
        return OF_CLASSES if self.classes else GENETIC

    @property
    def options(self) -> list[str]:
        classes = ["--classes", str(self.classes)] if self.classes else []
        return [*classes, "--scaling", self.scaling]


CASES = (
    [Case(data, hidden) for data in ("circles", "moons") for hidden in ("20", "75", "100", "50,50")]
    + [Case(data, "75", classes) for data in ("digits", "digits-file-order") for classes in (2, 3, 4, 5, 10)]
    + [Case("blobs", "100", classes) for classes in range(2, 11)]
)


def race(slt: Path, folder: Path, case: Case, seed: int) -> dict[str, tuple[float, float]]:
    """Processor seconds and test accuracy by method."""
    common = ["--data", case.data, "--hidden", case.hidden, *case.options, "--seed", str(seed), "--json"]

    def search(*options: str) -> tuple[float, float]:
        report = json.loads(run(slt, "search", *common, "--threads", "1", *options))
        return report["fit_cpu_seconds"], report["test_accuracy"]

    memetic = ["--algorithm", "memetic"]
    results = {"memetic": search(*memetic)}
    for name, options in case.genetic.items():
        results[name] = search(*options)
        results[f"memetic, as long as {name}"] = search(*memetic, "--time", f"{results[name][0]:.3f}s")
    files = []
    for split in ("train", "test"):
        path = folder / f"{'-'.join([case.data, *map(str, case.options)])}-{split}.npy"
        if not path.exists():
            run(slt, "data", case.data, *case.options, "--split", split, "--out", path)
        files += [f"--{split}", path]
    # One epoch: only the hyper-parameters are wanted, with which scikit-learn goes to its own end.
    parameters = json.loads(run(slt, "train", *common, "--max-iter", "1"))["hyper_parameters"] | {"max_iter": 1000}
    peer = json.loads(run(sys.executable, PEERS / "mlp_peer.py", *files, "--parameters", json.dumps(parameters)))
    results["scikit-learn"] = (peer["fit_cpu_seconds"], peer["test_accuracy"])
    versions[peer["version"]] = None
    return results


versions: dict[str, None] = {}


def measure(slt: Path, folder: Path, cases: list[Case], rounds: int) -> tuple[str, list[str]]:
    """A line on the machine, and the lines of the table."""
    results: dict[Case, list[dict[str, tuple[float, float]]]] = {case: [] for case in cases}
    for round_ in range(rounds):
        for case in cases:
            print(f"round {round_ + 1} of {rounds}: {case.name} [{case.hidden}] ...", file=sys.stderr)
            results[case].append(race(slt, folder, case, FIRST_SEED + round_))
    line = f"one thread, Python {platform.python_version()}, {', '.join(versions)}; mean of {rounds} rounds"
    methods = ("memetic", "GA", "memetic as long", "scikit-learn")
    head = ["data", "hidden", *(f"{method} s" for method in methods), *(f"{method} %" for method in methods)]
    return line, align([head, *(row(case, of_case) for case, of_case in results.items())], n_text=2)


def row(case: Case, of_case: list[dict[str, tuple[float, float]]]) -> list[str]:
    def mean_of(method: str, what: int) -> float:
        return mean(results[method][what] for results in of_case)

    better = max(case.genetic, key=lambda name: mean_of(name, 1))
    methods = ("memetic", better, f"memetic, as long as {better}", "scikit-learn")
    seconds = [f"{mean_of(method, 0):.3f}" for method in methods]
    return [case.name, case.hidden, *seconds, *(f"{100 * mean_of(method, 1):.2f}" for method in methods)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each with its seed [default: 3]")
    parser.add_argument("--data", nargs="+", metavar="NAME", help="these data sets alone")
    parser.add_argument("--slt", type=Path, metavar="FILE", help="the program [default: it is built]")
    parser.add_argument("--update", type=Path, metavar="FILE", help="also put the table into a document")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is {arguments.rounds}, it must be at least 1")
    cases = [case for case in CASES if not arguments.data or case.data in arguments.data]
    with tempfile.TemporaryDirectory() as folder:
        line, lines = measure(arguments.slt or build(), Path(folder), cases, arguments.rounds)
    publish(line, lines, arguments.update, MARK)


if __name__ == "__main__":
    main()
