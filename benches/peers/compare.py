"""Times masked inference in PyTorch and numpy beside slt, on the same networks, masks and data, on one thread.

Each round runs slt's benchmark and then the peers, so that all of them see the same machine; ratios are taken inside a
round, and the median over the rounds is printed. It stops if anybody's answers differ.
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
from pathlib import Path
from statistics import median

from cases import METRICS, Case, load
from numpy_peer import NumpyPeer

try:
    from torch_peer import TorchPeer
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    TorchPeer = None

ROOT = Path(__file__).resolve().parents[2]
MARK = "peers"
BATCH = 8192
SECONDS = 0.1  # that a peer is timed in a round
CORRECT_TOLERANCE = 1e-4  # share of samples whose two best logits may be told apart otherwise
LOSS_TOLERANCE = 1e-5  # relative


def bench(*arguments: str) -> str:
    """The output of slt's benchmark."""
    command = ["cargo", "xtask", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def time_slt() -> tuple[dict, dict]:
    """The machine, and microseconds by network and metric."""
    report = json.loads(bench("kernel", "--quick", "--json"))
    times = {(row["network"], row["metric"]): row["microseconds"] for row in report["kernel"]}
    return report["machine"], times


def time_peer(peer, case: Case, metric: str, batch: int) -> float:
    """Median processor microseconds of an evaluation; the masks take turns."""
    times = []
    end = time.perf_counter() + SECONDS
    while not times or time.perf_counter() < end:
        start = time.process_time()
        peer.evaluate(len(times) % len(case.masked), metric, batch)
        times.append(time.process_time() - start)
    return 1e6 * median(times)


def check(peer, case: Case) -> None:
    """Ends the program if a peer computes something else than slt does."""
    for metric in METRICS:
        for mask, expected in enumerate(case.answers[metric]):
            for batch in (len(case.labels), BATCH):
                answer = peer.evaluate(mask, metric, batch)
                allowed = CORRECT_TOLERANCE if metric == "accuracy" else LOSS_TOLERANCE * expected
                # A sample is a sample, however few there are.
                if metric == "accuracy":
                    allowed = max(allowed, 1.5 / len(case.labels))
                if not abs(answer - expected) <= allowed:
                    sys.exit(
                        f"error: {peer.name} gives {case.network} on {case.data}, mask {mask}, "
                        f"{metric} {answer}; slt gives {expected}"
                    )


def measure(cases: list[Case], rounds: int) -> tuple[str, list[str]]:
    """A line on the machine, and the lines of the table."""
    makers = [TorchPeer, NumpyPeer]
    peers = [[maker and maker(case) for maker in makers] for case in cases]
    for case, of_case in zip(cases, peers):
        for peer in filter(None, of_case):
            check(peer, case)
    # By network and metric: a list for each round of [slt, torch, torch in batches, numpy, numpy in batches].
    samples: dict[tuple[str, str], list[list[float | None]]] = {}
    for round_ in range(rounds):
        print(f"round {round_ + 1} of {rounds} ...", file=sys.stderr)
        machine, slt = time_slt()
        for case, of_case in zip(cases, peers):
            for metric in METRICS:
                times = [slt[case.network, metric]]
                for peer in of_case:
                    for batch in (len(case.labels), BATCH):
                        times.append(time_peer(peer, case, metric, batch) if peer else None)
                samples.setdefault((case.network, metric), []).append(times)
    names = [peer.name for peer in filter(None, peers[0])]
    line = (
        f"{machine['cpu']}, instructions {machine['instructions']}, one thread, Python {platform.python_version()}, "
        f"{', '.join(names)}; median of {rounds} rounds"
    )
    return line, table(samples)


def table(samples: dict) -> list[str]:
    peers = ["torch", "torch in batches", "numpy", "numpy in batches"]
    head = ["network", "metric", "slt us", *(f"{peer} us" for peer in peers), "torch / slt", "faster torch / slt"]
    lines = [head]
    for (network, metric), rounds in samples.items():
        cells = [network, metric]
        for column in range(1 + len(peers)):
            times = [times[column] for times in rounds]
            cells.append("not installed" if times[0] is None else f"{median(times):.0f}")
        for torch_time in (lambda t: t[1], lambda t: min(t[1], t[2])):
            if rounds[0][1] is None:
                cells.append("not installed")
            else:
                cells.append(f"{median(torch_time(times) / times[0] for times in rounds):.1f} x")
        lines.append(cells)
    return align(lines, n_text=2)


def align(lines: list[list[str]], n_text: int) -> list[str]:
    """A table in Markdown of a head and rows; `n_text` columns are aligned to the left."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    rule = ["-" * w if c < n_text else "-" * (w - 1) + ":" for c, w in enumerate(widths)]

    def pad(cells: list[str]) -> list[str]:
        return [cell.ljust(w) if c < n_text else cell.rjust(w) for c, (cell, w) in enumerate(zip(cells, widths))]

    return ["| " + " | ".join(cells) + " |" for cells in (pad(lines[0]), rule, *map(pad, lines[1:]))]


def update(document: Path, block: str, mark: str) -> None:
    """Replaces what stands between the marks of a table."""
    begin, end = f"<!-- bench:{mark} -->", "<!-- end -->"
    before, found, rest = document.read_text().partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        sys.exit(f"error: {document}: the mark `{begin}` or its `{end}` is missing")
    document.write_text(f"{before}{begin}\n{block}\n{end}{after}")


def publish(line: str, lines: list[str], document: Path | None, mark: str) -> None:
    """Prints a line on the machine and a table, and puts them into a document if there is one."""
    block = "\n".join([line, "", *lines])
    print(block)
    if document:
        update(document, block, mark)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of [default: 5]")
    parser.add_argument("--update", type=Path, metavar="FILE", help="also put the table into a document")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is {arguments.rounds}, it must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        bench("--export", folder)
        cases = load(Path(folder))
    line, lines = measure(cases, arguments.rounds)
    publish(line, lines, arguments.update, MARK)


if __name__ == "__main__":
    main()
