"""scikit-learn's MLPClassifier in float32 on one thread: a whole training as one process.

Takes the hyper-parameters that `slt train --json` reports. Prints one JSON object.
"""

import os

# Before numpy is loaded, which reads them once.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier


def load(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of a file that `slt data` wrote."""
    table = np.load(path)
    return np.ascontiguousarray(table[:, :-1], dtype=np.float32), table[:, -1].astype(np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True, metavar="FILE.npy")
    parser.add_argument("--test", type=Path, required=True, metavar="FILE.npy")
    parser.add_argument("--parameters", type=json.loads, required=True, metavar="JSON")
    arguments = parser.parse_args()
    parameters = arguments.parameters
    parameters["batch_size"] = parameters["batch_size"] or "auto"
    (x, y), test_set = load(arguments.train), load(arguments.test)
    start = time.process_time()
    with warnings.catch_warnings():
        # A number of epochs that is given is reached.
        warnings.simplefilter("ignore", ConvergenceWarning)
        classifier = MLPClassifier(**parameters).fit(x, y)
    fit_cpu_seconds = time.process_time() - start
    result = {
        "test_accuracy": classifier.score(*test_set),
        "loss": float(classifier.loss_),
        "epochs": classifier.n_iter_,
        "fit_cpu_seconds": fit_cpu_seconds,
        "cpu_seconds": time.process_time(),
        "version": f"scikit-learn {sklearn.__version__}",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
