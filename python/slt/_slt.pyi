"""The compiled part of the package. All but `Ticket` is called by the modules around it alone."""

import builtins
from collections.abc import Callable
from os import PathLike
from typing import Any, Literal, final, overload

import numpy as np
from numpy.typing import NDArray

__all__: list[str]
__version__: str
ALGORITHMS: list[str]

_Progress = Callable[[float | None, int, float, float], object]
_Double = tuple[NDArray[np.float64], NDArray[np.int64]]
_Single = tuple[NDArray[np.float32], NDArray[np.int64]]

@final
class Ticket:
    """A strong lottery ticket: the seed of a random network and a mask over its weights."""

    @staticmethod
    def from_bytes(data: builtins.bytes) -> Ticket: ...
    @staticmethod
    def load(path: str | PathLike[str]) -> Ticket: ...
    def save(self, path: str | PathLike[str], *, lean: bool = False) -> None: ...
    @property
    def bytes(self) -> builtins.bytes: ...
    @property
    def lean_bytes(self) -> builtins.bytes: ...
    @property
    def sparsity(self) -> float: ...
    @property
    def n_active(self) -> int: ...
    @property
    def mask(self) -> NDArray[np.bool_]: ...
    @property
    def inverted(self) -> NDArray[np.bool_]: ...
    @property
    def sizes(self) -> tuple[int, ...]: ...
    @property
    def seed(self) -> int: ...
    @property
    def n_columns(self) -> int: ...
    @property
    def has_column_names(self) -> bool: ...
    @property
    def columns(self) -> list[str] | None: ...
    @property
    def classes(self) -> list[str] | None: ...
    @property
    def provenance(self) -> dict[str, str]: ...
    def predict(self, rows: NDArray[np.float32], n_threads: int = 1) -> NDArray[np.uint32]: ...
    def logits(self, rows: NDArray[np.float32], n_threads: int = 1) -> NDArray[np.float32]: ...
    def predict_proba(self, rows: NDArray[np.float32], n_threads: int = 1) -> NDArray[np.float64]: ...
    @overload
    def export(
        self, format: Literal["onnx", "safetensors"], samples: NDArray[np.float32] | None = None
    ) -> builtins.bytes: ...
    @overload
    def export(
        self, format: Literal["json", "c", "rust"], samples: NDArray[np.float32] | None = None
    ) -> str: ...
    def export_to(
        self,
        path: str | PathLike[str],
        format: Literal["onnx", "safetensors", "json", "c", "rust"],
        samples: NDArray[np.float32] | None = None,
    ) -> None: ...

def search(
    samples: dict[str, Any],
    network: dict[str, Any],
    asked: dict[str, Any],
    n_threads: int,
    progress: _Progress | None,
) -> tuple[Ticket, dict[str, Any]]: ...
def edge_popup(
    samples: dict[str, Any], network: dict[str, Any], asked: dict[str, Any], progress: _Progress | None
) -> tuple[Ticket, dict[str, Any]]: ...
def anneal(
    objective: Callable[[NDArray[np.bool_]], Any],
    n_bits: int,
    flips: int,
    restarts: int,
    price: float,
    seed: int,
    vectorized: bool,
    progress: _Progress | None,
) -> tuple[NDArray[np.bool_], float, dict[str, Any]]: ...
def genetic_algorithm(
    objective: Callable[[NDArray[np.bool_]], Any],
    n_bits: int,
    parameters: dict[str, Any],
    seed: int,
    vectorized: bool,
    progress: _Progress | None,
) -> tuple[NDArray[np.bool_], float, dict[str, Any]]: ...
def moons(n_samples: int, noise: float | None, shuffle: bool, seed: int) -> _Double: ...
def circles(n_samples: int, noise: float | None, factor: float, shuffle: bool, seed: int) -> _Double: ...
def blobs(
    n_samples: int, n_features: int, centers: int, cluster_std: float, shuffle: bool, seed: int
) -> _Double: ...
def digits() -> _Double: ...
def paper(name: str, n_classes: int | None) -> tuple[_Single, _Single]: ...
