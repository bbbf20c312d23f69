"""Times a whole fit of a mixed model in statsmodels beside slt-stats, on one table of 200 rows, on one thread.

The table has 4 architectures x 2 algorithms x 25 initialisations; the model has both groupings as crossed random intercepts.
Each round runs slt's benchmark and then statsmodels, so that both see the same machine; the median over the rounds of the
ratio inside a round is printed. It stops if the answers differ.
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
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.formula.api as smf

ROOT = Path(__file__).resolve().parents[2]
FITS = 5  # of statsmodels in a round
# Searches of statsmodels; `default` is what `fit()` does when it is not told.
METHODS = {"default": None, "powell": "powell"}
FORMULA = 'acc_z ~ C(algorithm, Treatment(reference="ga"))'
COMPONENTS = {"arch": "0 + C(arch)", "init": "0 + C(init)"}
COEFFICIENT = 1e-4  # allowed differences; searches of statsmodels stop early
LOG_LIKELIHOOD = 5e-4


def make_table(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    arch, init = rng.normal(0, 0.03, 4), rng.normal(0, 0.02, 25)
    rows = [
        (algorithm, "ABCD"[a], i, 0.85 + effect + arch[a] + init[i] + rng.normal(0, 0.03))
        for algorithm, effect in (("edge_popup", -0.02), ("ga", 0.0))
        for a in range(4)
        for i in range(25)
    ]
    table = pd.DataFrame(rows, columns=["algorithm", "arch", "init", "acc"])
    table["acc_z"] = (table["acc"] - table["acc"].mean()) / table["acc"].std(ddof=0)
    return table


def time_slt(path: Path) -> tuple[float, dict]:
    """Microseconds of a fit, and the fit."""
    command = ["cargo", "bench", "--quiet", "--package", "slt-stats", "--bench", "mixed_model", "--", str(path)]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    report = json.loads(output.splitlines()[-1])
    return report["microseconds"], report["fit"]


def fit_statsmodels(table: pd.DataFrame, method: str | None):
    """The whole of it, as in slt: from the table to coefficients with intervals."""
    model = smf.mixedlm(FORMULA, table, groups=np.ones(len(table)), vc_formula=COMPONENTS)
    fit = model.fit(reml=True) if method is None else model.fit(reml=True, method=method)
    return fit, fit.conf_int()


def time_statsmodels(table: pd.DataFrame, method: str | None) -> float:
    """Median microseconds of a fit."""
    times = []
    for _ in range(FITS):
        start = time.perf_counter()
        fit_statsmodels(table, method)
        times.append(time.perf_counter() - start)
    return 1e6 * median(times)


def check(table: pd.DataFrame, slt: dict) -> None:
    """Ends the program if the two have fitted different models."""
    fit, _ = fit_statsmodels(table, "powell")
    ours = [coefficient["estimate"] for coefficient in slt["fixed"]]
    if not np.allclose(ours, fit.fe_params, rtol=0, atol=COEFFICIENT):
        sys.exit(f"error: coefficients differ: slt {ours}, statsmodels {list(fit.fe_params)}")
    # statsmodels may stop short of the optimum, never above it.
    if not -1e-6 <= slt["log_likelihood"] - fit.llf <= LOG_LIKELIHOOD:
        sys.exit(f"error: log-likelihoods differ: slt {slt['log_likelihood']}, statsmodels {fit.llf}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of [default: 5]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the table [default: 1]")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is {arguments.rounds}, it must be at least 1")
    warnings.simplefilter("ignore")  # searches of statsmodels that stop early say so
    table = make_table(arguments.seed)
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        table.to_csv(path, index=False, float_format="%.17g")
        for round_ in range(arguments.rounds):
            print(f"round {round_ + 1} of {arguments.rounds} ...", file=sys.stderr)
            slt, fit = time_slt(path)
            if round_ == 0:
                check(table, fit)
            rounds.append((slt, [time_statsmodels(table, method) for method in METHODS.values()]))
    print(
        f"Python {platform.python_version()}, statsmodels {statsmodels.__version__}, numpy {np.__version__}, one thread; "
        f"{len(table)} rows, median of {arguments.rounds} rounds\n"
    )
    slt = median(slt for slt, _ in rounds)
    print(f"slt-stats             {slt / 1e3:8.3f} ms")
    for i, method in enumerate(METHODS):
        peer = median(peers[i] for _, peers in rounds)
        ratio = median(peers[i] / slt for slt, peers in rounds)
        print(f"statsmodels {method:8}  {peer / 1e3:8.3f} ms  {ratio:6.0f} x")


if __name__ == "__main__":
    main()
