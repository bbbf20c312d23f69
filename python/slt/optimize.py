"""Searches over bit masks for an objective of one's own.

An objective is a function that takes a mask, an array of `n_bits` truth values, and gives its performance, a number that is to be
large. It is called on the calling thread, and has to give the same number for the same mask. What it raises ends the search, and is
raised there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _slt
from ._progress import progress
from ._seed import seed_of

__all__ = ["SearchResult", "anneal", "genetic_algorithm"]


@dataclass(frozen=True)
class SearchResult:
    """What a search has found.

    Attributes
    ----------
    mask : ndarray of bool of shape (n_bits,)
        The best mask.
    performance : float
        What the objective says of it.
    evaluations : int
        Masks that the objective was asked about.
    steps : int
        Generations, or steps of the annealing.
    stop_reason : str
        Why the search ended.
    history : dict of str to ndarray, or None
        Of the genetic algorithm `best` and `mean`, the performances of each generation, from 0.
    """

    mask: NDArray[np.bool_]
    performance: float
    evaluations: int
    steps: int
    stop_reason: str
    history: dict[str, NDArray[np.float64]] | None = None


def anneal(
    objective: Callable[[NDArray[np.bool_]], Any],
    n_bits: int,
    *,
    flips: int | None = None,
    restarts: int = 1,
    price: float = 0.0,
    random_state: Any = None,
    vectorized: bool = False,
    verbose: bool = False,
) -> SearchResult:
    """Search by annealing: single bits are flipped, at a temperature that falls.

    Flips are proposed sweep after sweep; one that changes the performance by d is taken if d >= T ln u with u uniform in (0, 1].
    T starts at the mean change by a flip and falls to a thousandth of it.

    Parameters
    ----------
    objective : callable
        Takes a mask, gives a number.
    n_bits : int
        Length of the masks, at least 1.
    flips : int or None, default=None
        Flips that are proposed, at least 1; by default 100 for each bit.
    restarts : int, default=1
        Starts from a random mask, at least 1.
    price : float, default=0.0
        What a set bit has to be worth, at least 0.
    random_state : int, RandomState instance or None, default=None
        Seed, 0 to 2**64 - 1; from anything but a whole number one is drawn.
    vectorized : bool, default=False
        Whether the objective takes many masks at once, an array of shape (n_masks, n_bits), and gives as many numbers.
    verbose : bool, default=False
        Whether to show a progress bar, if tqdm is installed.

    Returns
    -------
    result : SearchResult

    Raises
    ------
    ValueError
        For parameters out of their range, and for an objective that gives NaN or another number of performances than of masks.

    Examples
    --------
    >>> from slt.optimize import anneal
    >>> result = anneal(lambda mask: mask[::2].sum() - mask[1::2].sum(), 20, random_state=1)
    >>> result.performance
    10.0
    """
    n_bits = _positive("n_bits", n_bits)
    flips = 100 * n_bits if flips is None else _positive("flips", flips)
    with progress(verbose, "anneal") as show:
        mask, performance, info = _slt.anneal(
            objective, n_bits, flips, _positive("restarts", restarts), price, seed_of(random_state), vectorized, show
        )
    return SearchResult(mask, performance, info["evaluations"], info["steps"], info["stop_reason"])


def genetic_algorithm(
    objective: Callable[[NDArray[np.bool_]], Any],
    n_bits: int,
    *,
    population: int = 100,
    recombination_rate: float = 0.3,
    parent_rate: float = 0.3,
    mutation_rate: float = 0.1,
    migration_rate: float = 0.1,
    min_generations: int = 100,
    patience: int | None = 50,
    max_generations: int | None = None,
    random_state: Any = None,
    vectorized: bool = False,
    verbose: bool = False,
) -> SearchResult:
    """Search by the genetic algorithm of the paper.

    Parameters
    ----------
    objective : callable
        Takes a mask, gives a number.
    n_bits : int
        Length of the masks, at least 1.
    population : int, default=100
        Masks that survive a generation, at least 1.
    recombination_rate : float, default=0.3
        Chance that an individual becomes a first parent, in [0, 1].
    parent_rate : float, default=0.3
        Share of the population that partners are drawn from, the best first, in [0, 1].
    mutation_rate : float, default=0.1
        Chance that an individual spawns a mutant, in [0, 1].
    migration_rate : float, default=0.1
        Random masks that join a generation, as a share of the population, in [0, 1].
    min_generations : int, default=100
        Generations before the search may end for lack of progress.
    patience : int or None, default=50
        It ends when so many recorded bests in a row are equal, at least 2.
    max_generations : int or None, default=None
        The last generation.
    random_state : int, RandomState instance or None, default=None
        Seed, 0 to 2**64 - 1; from anything but a whole number one is drawn.
    vectorized : bool, default=False
        Whether the objective takes many masks at once, an array of shape (n_masks, n_bits), and gives as many numbers.
    verbose : bool, default=False
        Whether to show a progress bar, if tqdm is installed.

    Returns
    -------
    result : SearchResult

    Raises
    ------
    ValueError
        For parameters out of their range, for neither `patience` nor `max_generations`, and for an objective that gives NaN or another
        number of performances than of masks.

    Examples
    --------
    >>> from slt.optimize import genetic_algorithm
    >>> genetic_algorithm(lambda mask: mask.sum(), 30, random_state=1).performance
    30.0
    """
    parameters = {
        "population": _positive("population", population),
        "recombination_rate": recombination_rate,
        "parent_rate": parent_rate,
        "mutation_rate": mutation_rate,
        "migration_rate": migration_rate,
        "min_generations": min_generations,
        "patience": patience,
        "max_generations": max_generations,
    }
    with progress(verbose, "ga") as show:
        mask, performance, info = _slt.genetic_algorithm(
            objective, _positive("n_bits", n_bits), parameters, seed_of(random_state), vectorized, show
        )
    history = {"best": info["best"], "mean": info["mean"]}
    return SearchResult(mask, performance, info["evaluations"], info["steps"], info["stop_reason"], history)


def _positive(name: str, value: int) -> int:
    if value < 1:
        raise ValueError(f"{name} is {value}: it must be at least 1")
    return value
