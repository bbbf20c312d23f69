"""Masked inference in PyTorch: `linear` and `relu` with weights that were masked beforehand."""

import torch
import torch.nn.functional as F

from cases import Case

torch.set_num_threads(1)


class TorchPeer:
    name = f"torch {torch.__version__}"

    def __init__(self, case: Case):
        self.features = torch.from_numpy(case.features)
        self.labels = torch.from_numpy(case.labels)
        self.biases = [torch.from_numpy(biases) for biases in case.biases]
        # PyTorch keeps weights outputs x inputs.
        self.masked = [[torch.from_numpy(layer.T.copy()) for layer in layers] for layers in case.masked]

    @torch.no_grad()
    def evaluate(self, mask: int, metric: str, batch: int) -> float:
        """Accuracy or mean cross-entropy under mask number `mask`, `batch` samples at a time."""
        *hidden, last = zip(self.masked[mask], self.biases)
        total = 0.0
        for x, y in zip(self.features.split(batch), self.labels.split(batch)):
            for weights, biases in hidden:
                x = F.relu_(F.linear(x, weights, biases))
            logits = F.linear(x, *last)
            if metric == "accuracy":
                total += (logits.argmax(dim=1) == y).sum().item()
            else:
                total += F.cross_entropy(logits, y, reduction="sum").item()
        return total / len(self.labels)
