"""Searches for objectives that are Python functions."""

import numpy as np
import pytest
from slt.optimize import anneal, genetic_algorithm

TARGET = np.random.RandomState(0).rand(40) < 0.5


def hits(mask):
    assert (mask.dtype, mask.shape) == (bool, (40,))
    return (mask == TARGET).sum()


def hits_of_many(masks):
    return (masks == TARGET).sum(axis=1)


@pytest.mark.parametrize("search", [anneal, genetic_algorithm])
def test_it_finds_the_best(search):
    result = search(hits, 40, random_state=1)
    assert result.performance == 40
    assert (result.mask == TARGET).all()
    assert result.evaluations > 40
    many = search(hits_of_many, 40, random_state=1, vectorized=True)
    assert (many.evaluations, many.steps) == (result.evaluations, result.steps)


def test_the_same_seed_gives_the_same_search():
    asked = ([], [])
    for masks in asked:
        genetic_algorithm(lambda mask, masks=masks: masks.append(mask.copy()) or hits(mask), 40, random_state=2)
    assert len(asked[0]) == len(asked[1])
    assert all((a == b).all() for a, b in zip(*asked))


def test_history():
    result = genetic_algorithm(hits, 40, random_state=1, max_generations=20)
    assert len(result.history["best"]) == result.steps + 1 == 21
    assert (np.diff(result.history["best"]) >= 0).all()
    assert result.history["best"][-1] == result.performance


def test_a_price():
    assert anneal(hits, 40, price=3.0, random_state=1).mask.sum() == 0


@pytest.mark.parametrize("search", [anneal, genetic_algorithm])
@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_it_raises_is_raised(search, kind):
    calls = []

    def objective(mask):
        calls.append(mask)
        if len(calls) == 150:
            raise kind("enough")
        return mask.sum()

    with pytest.raises(kind, match="enough"):
        search(objective, 40, random_state=1)
    # And nothing is asked any more.
    assert len(calls) == 150


@pytest.mark.parametrize("search", [anneal, genetic_algorithm])
def test_answers_that_are_none(search):
    with pytest.raises(ValueError, match="NaN"):
        search(lambda _: float("nan"), 10)
    with pytest.raises(TypeError):
        search(lambda _: "much", 10)
    with pytest.raises(ValueError, match="gave 3 performances for"):
        search(lambda _: np.zeros(3), 10, vectorized=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: anneal(hits, 0), "n_bits is 0"),
        (lambda: anneal(hits, 40, flips=0), "flips is 0"),
        (lambda: anneal(hits, 40, price=-1.0), "price"),
        (lambda: genetic_algorithm(hits, 40, population=0), "population"),
        (lambda: genetic_algorithm(hits, 40, mutation_rate=2.0), "mutation_rate is 2"),
        (lambda: genetic_algorithm(hits, 40, patience=None), "no rule that ends"),
    ],
)
def test_parameters_out_of_range(call, message):
    with pytest.raises(ValueError, match=message):
        call()
