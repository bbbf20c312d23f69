"""Edge-popup in PyTorch on one thread: whole training runs as one process.

Weights and biases are drawn from U[-1, 1), or weights are signed constants without biases; they never change. Scores are
Kaiming-uniform. The hyper-parameters are the paper's. Prints one JSON object.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)

LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.1, 0.9, 1e-4


class KeepTop(torch.autograd.Function):
    """1 for the scores of largest magnitude, 0 for the first `n_dropped`; the gradient passes straight through."""

    @staticmethod
    def forward(ctx, magnitudes, n_dropped):
        if n_dropped == 0:
            return torch.ones_like(magnitudes)
        threshold = magnitudes.flatten().kthvalue(n_dropped).values
        return (magnitudes > threshold).to(magnitudes.dtype)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class EdgePopup(torch.nn.Module):
    def __init__(self, sizes: list[int], keep: float, seed: int, signed: bool = False):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)

        def uniform(bound: float, *shape: int) -> torch.Tensor:
            return (2 * torch.rand(*shape, generator=generator) - 1) * bound

        self.layers = []
        scores = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            n_dropped = int((1 - keep) * n_in * n_out)
            weights, biases = uniform(1, n_out, n_in), uniform(1, n_out)
            if signed:
                weights, biases = weights.sign() * math.sqrt(2 / (n_in * keep)), torch.zeros(n_out)
            self.layers.append((weights, biases, n_dropped))
            scores.append(torch.nn.Parameter(uniform(1 / math.sqrt(n_in), n_out, n_in)))
        self.scores = torch.nn.ParameterList(scores)

    def masked(self) -> list[torch.Tensor]:
        layers = zip(self.layers, self.scores)
        return [weights * KeepTop.apply(scores.abs(), n_dropped) for (weights, _, n_dropped), scores in layers]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        *hidden, last = zip(self.masked(), self.layers)
        for weights, (_, biases, _) in hidden:
            x = F.relu_(F.linear(x, weights, biases))
        return F.linear(x, last[0], last[1][1])


def train(network: EdgePopup, train_set, test_set, epochs: int, batch_size: int) -> dict:
    """Test accuracies and processor seconds of training by epoch; both data sets are pairs of features and labels."""
    optimizer = torch.optim.SGD(network.parameters(), LEARNING_RATE, MOMENTUM, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    batches = list(zip(*(part.split(batch_size) for part in train_set)))
    features, labels = test_set
    accuracies, seconds = [], []
    spent = 0.0
    for _ in range(epochs):
        start = time.process_time()
        loss_sum, correct = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for x, y in batches:
            logits = network(x)
            loss = F.cross_entropy(logits, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(y)
            correct += (logits.detach().argmax(dim=1) == y).sum()
        schedule.step()
        spent += time.process_time() - start
        seconds.append(spent)
        with torch.no_grad():
            logits = network(features)
            test_loss = F.cross_entropy(logits, labels)
            accuracies.append((logits.argmax(dim=1) == labels).double().mean().item())
    n = len(train_set[1])
    return {
        "test_accuracy": accuracies[-1],
        "best_test_accuracy": max(accuracies),
        "test_accuracies": accuracies,
        "seconds": seconds,
        "train_accuracy": correct.item() / n,
        "train_loss": loss_sum.item() / n,
        "test_loss": test_loss.item(),
    }


def load(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Features and labels of a file that `slt data` wrote."""
    table = np.load(path)
    features = np.ascontiguousarray(table[:, :-1], dtype=np.float32)
    return torch.from_numpy(features), torch.from_numpy(table[:, -1].astype(np.int64))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True, metavar="FILE.npy")
    parser.add_argument("--test", type=Path, required=True, metavar="FILE.npy")
    parser.add_argument("--sizes", required=True, metavar="2,20,2")
    parser.add_argument("--keep", type=float, default=0.5)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signed-constant", action="store_true", help="weights are signed constants, without biases")
    arguments = parser.parse_args()
    train_set, test_set = load(arguments.train), load(arguments.test)
    start = time.process_time()
    network = EdgePopup([int(size) for size in arguments.sizes.split(",")], arguments.keep, arguments.seed, arguments.signed_constant)
    result = train(network, train_set, test_set, arguments.epochs, arguments.batch_size)
    result |= {
        "epochs": arguments.epochs,
        "fit_cpu_seconds": time.process_time() - start,
        "cpu_seconds": time.process_time(),
        "version": f"torch {torch.__version__}",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
