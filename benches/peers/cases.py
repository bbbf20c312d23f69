"""The networks, masks and data that `cargo xtask bench --export` writes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

METRICS = ("accuracy", "cross-entropy")


@dataclass
class Case:
    """A network with its data, and what slt says of each mask.

    `masked[m][l]` is the weights of layer l under mask m, inputs x outputs, zero where the mask is.
    """

    network: str
    data: str
    features: np.ndarray  # samples x inputs, float32
    labels: np.ndarray  # samples, int64
    biases: list[np.ndarray]  # one a layer, float32
    masked: list[list[np.ndarray]]
    answers: dict[str, list[float]]  # by metric, one a mask


def load(folder: Path) -> list[Case]:
    entries = json.loads((folder / "cases.json").read_text())
    return [_load_case(folder / entry["network"], entry) for entry in entries]


def _load_case(folder: Path, entry: dict) -> Case:
    def array(name: str) -> np.ndarray:
        return np.load(folder / f"{name}.npy")

    layers = range(entry["layers"])
    weights = [array(f"weights{l}") for l in layers]
    ends = np.cumsum([layer.size for layer in weights])
    masked = [
        [layer * bits.reshape(layer.shape) for layer, bits in zip(weights, np.split(mask, ends[:-1]))]
        for mask in array("masks").astype(np.float32)
    ]
    labels = array("labels").astype(np.int64)
    return Case(
        network=entry["network"],
        data=entry["data"],
        features=array("features"),
        labels=labels,
        biases=[array(f"biases{l}") for l in layers],
        masked=masked,
        answers={
            "accuracy": [correct / len(labels) for correct in entry["correct"]],
            "cross-entropy": entry["cross_entropy"],
        },
    )
