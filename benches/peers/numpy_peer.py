"""Masked inference in numpy: dense matrix products with weights that were masked beforehand."""

import numpy as np

from cases import Case


class NumpyPeer:
    name = f"numpy {np.__version__}"

    def __init__(self, case: Case):
        self.case = case

    def evaluate(self, mask: int, metric: str, batch: int) -> float:
        """Accuracy or mean cross-entropy under mask number `mask`, `batch` samples at a time."""
        case = self.case
        *hidden, last = zip(case.masked[mask], case.biases)
        total = 0.0
        for start in range(0, len(case.labels), batch):
            x, y = case.features[start : start + batch], case.labels[start : start + batch]
            for weights, biases in hidden:
                x = x @ weights
                x += biases
                np.maximum(x, 0, out=x)
            logits = x @ last[0]
            logits += last[1]
            total += self._count(logits, y) if metric == "accuracy" else self._losses(logits, y)
        return total / len(case.labels)

    @staticmethod
    def _count(logits: np.ndarray, y: np.ndarray) -> float:
        return float(np.count_nonzero(logits.argmax(axis=1) == y))

    @staticmethod
    def _losses(logits: np.ndarray, y: np.ndarray) -> float:
        logits -= logits.max(axis=1, keepdims=True)
        of_class = np.take_along_axis(logits, y[:, None], axis=1)[:, 0]
        losses = np.log(np.exp(logits).sum(axis=1)) - of_class
        return float(losses.sum(dtype=np.float64))
