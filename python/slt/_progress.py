"""Progress bars, if tqdm is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Progress = Callable[["float | None", int, float, float], None]


@contextmanager
def progress(wanted: bool, what: str) -> Iterator[Progress | None]:
    """A function that draws how far a search has come; none if that is not wanted, or tqdm is not installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        wanted = False
    if not wanted:
        yield None
        return
    layout = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
    bar: Any
    with tqdm(total=1.0, desc=what, bar_format=layout) as bar:

        def show(done: float | None, steps: int, best: float, sparsity: float) -> None:
            bar.set_postfix_str(f"step {steps}, best {best:.4g}, {100 * sparsity:.1f} % sparsity", refresh=False)
            bar.update((done or bar.n) - bar.n)
            bar.refresh()

        yield show
