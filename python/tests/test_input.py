"""Arrays of all kinds: the same numbers give the same ticket, and what is no sample is refused as scikit-learn refuses it."""

import numpy as np
import pytest
import slt
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError

ESTIMATORS = [
    slt.TicketClassifier(hidden=10, flips=2000, random_state=1),
    slt.EdgePopupClassifier(hidden=10, random_state=1),
]
X, Y = load_iris(return_X_y=True)
SINGLE = np.ascontiguousarray(X, np.float32)


@pytest.fixture(params=ESTIMATORS, ids=["search", "edge-popup"])
def estimator(request):
    return request.param


def misaligned(array):
    raw = np.zeros(array.nbytes + 1, np.uint8)
    copy = raw[1:].view(array.dtype).reshape(array.shape)
    copy[...] = array
    assert not copy.flags.aligned
    return copy


def memory_map(array):
    array.flags.writeable = False
    return array


LAYOUTS = {
    "double": SINGLE.astype(np.float64),
    "Fortran": np.asfortranarray(SINGLE),
    "strided": np.repeat(SINGLE, 2, axis=1)[:, ::2],
    "reversed": SINGLE[::-1][::-1],
    "big-endian": SINGLE.astype(">f4"),
    "misaligned": misaligned(SINGLE),
    "read-only": memory_map(SINGLE.copy()),
    "list": SINGLE.tolist(),
    "object": SINGLE.astype(object),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_change_nothing(estimator, layout):
    fitted = estimator.fit(SINGLE, Y)
    expected = fitted.ticket_.bytes
    logits = fitted.decision_function(SINGLE)
    assert estimator.fit(LAYOUTS[layout], Y).ticket_.bytes == expected
    assert (estimator.decision_function(LAYOUTS[layout]) == logits).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float16, bool])
def test_other_types_of_numbers(estimator, dtype):
    numbers = (10 * X).astype(dtype)
    assert estimator.fit(numbers, Y).ticket_ == estimator.fit(numbers.astype(np.float32), Y).ticket_


def test_nothing_is_changed_or_kept(estimator):
    before = SINGLE.copy()
    estimator.fit(SINGLE, Y)
    logits = estimator.decision_function(SINGLE)
    assert (before == SINGLE).all()
    other = SINGLE.copy()
    estimator.fit(other, Y)
    other[...] = 0
    assert (estimator.decision_function(SINGLE) == logits).all()


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (np.where(X == X[3, 1], np.nan, X), Y, "contains NaN"),
        (np.where(X == X[3, 1], np.inf, X), Y, "infinity"),
        (X.astype(np.float64) * 1e39, Y, "infinity"),
        (X[:0], Y[:0], r"Found array with 0 sample\(s\)"),
        (X[:, :0], Y, r"0 feature\(s\)"),
        (X, np.zeros(150, int), "only one class"),
        (X[:1], Y[:1], "only one class"),
        (X, Y[:-1], "inconsistent numbers of samples"),
        (X[0], Y[:4], "Expected 2D array"),
        (np.array([["a", "b"], ["c", "d"]], dtype=object), [0, 1], "could not convert string"),
        (np.array([[{}, 1], [2, 3]], dtype=object), [0, 1], "argument must be .* number"),
        (X * 1j, Y, "Complex data not supported"),
        (X, Y + 0.5 * X[:, 0], "Unknown label type"),
        (X, np.where(Y == 0, np.nan, Y), "contains NaN"),
        (X, np.column_stack([Y, Y]), "y should be a 1d array"),
    ],
)
def test_what_is_no_sample(estimator, rows, labels, message):
    with pytest.raises((ValueError, TypeError), match=message):
        estimator.fit(rows, labels)


def test_what_is_no_row_to_predict(estimator):
    with pytest.raises(NotFittedError):
        type(estimator)().predict(X)
    fitted = estimator.fit(X, Y)
    for rows, message in [
        (X[:, :3], "X has 3 features, but .* is expecting 4 features"),
        (X[:0], r"Found array with 0 sample\(s\)"),
        (np.full_like(X, np.nan), "contains NaN"),
        (X[0], "Expected 2D array"),
    ]:
        with pytest.raises(ValueError, match=message):
            fitted.predict_proba(rows)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hidden": 0}, "hidden is 0"),
        ({"hidden": (5, 2.5)}, "hidden is"),
        ({"hidden": True}, "hidden is True"),
        ({"algorithm": "magic"}, "unknown algorithm `magic`: expected memetic, anneal"),
        ({"metric": "magic"}, "magic"),
        ({"objective": "magic"}, "magic"),
        ({"price": -1.0}, "price"),
        ({"price": float("nan")}, "price"),
        ({"flips": 0}, "flips"),
        ({"hold_out": 1.5}, r"hold_out is 1.5, it must be in \(0, 1\)"),
        ({"time": -1.0}, "negative"),
        ({"scaling": "magic"}, 'scaling is "magic": it must be standard, minmax'),
        ({"weights": "magic"}, 'weights is "magic"'),
        ({"biases": "magic"}, 'biases is "magic"'),
        ({"algorithm": "ga", "evaluations": 9}, "evaluations needs another algorithm than ga"),
        ({"algorithm": "ga", "seeds": 2}, "seeds needs another algorithm than ga"),
        # As on the command line, where an algorithm lacks an option.
        ({"algorithm": "ga", "price": 1.0}, "price needs another algorithm than ga"),
        ({"algorithm": "ga", "signed": True}, "signed needs another algorithm than ga"),
        ({"algorithm": "umda", "price": 1.0}, "price needs the algorithm descent, anneal, late-acceptance, memetic or unit-descent"),
        ({"algorithm": "descent", "flips": 9}, "flips needs the algorithm anneal, late-acceptance or memetic"),
        ({"algorithm": "anneal", "population": 9}, "population needs the algorithm ga, ga-ab, memetic, nsga2 or umda"),
        ({"shifts": 1}, "shifts needs the algorithm unit-descent"),
        ({"signed": True}, "signed needs the algorithm unit-descent"),
        ({"population": 0}, "population is 0: it must be a whole number from 1 to 1,000,000"),
        ({"population": 2.0}, "population is 2.0: it must be a whole number from 1"),
        ({"population": 1001}, "population is 1001, it must be in 1 to 1,000"),
        ({"algorithm": "umda", "population": 10**7}, "population is 10000000: it must be a whole number from 1 to 1,000,000"),
        ({"algorithm": "ga", "hidden": (100, 200), "population": 10**6}, "times 21000 weights is more than 17179869184 bits"),
        ({"seeds": 0}, "seeds is 0: it must be a whole number from 1 to 65,536"),
        ({"seeds": True}, "seeds is True: it must be a whole number"),
        ({"seeds": 3, "random_state": 2**64 - 2}, "seeds is 3: seeds from 18446744073709551614 on end before"),
        ({"shifts": -1}, "shifts is -1: it must be a whole number from 0 to 100"),
        ({"algorithm": "unit-descent", "shifts": 2}, "shifts is 2: 4 features are not a square image of more than 2 pixels"),
        ({"signed": "yes"}, "signed is 'yes': it must be True or False"),
        ({"evaluations": -1}, "evaluations is -1: it must be a whole number from 1"),
        ({"algorithm": "heavy-tailed"}, "it has no end"),
        ({"algorithm": "unit-descent", "objective": "accuracy"}, "a mean of losses"),
    ],
)
def test_parameters_out_of_range(parameters, message):
    with pytest.raises(ValueError, match=message):
        slt.TicketClassifier(**{"hidden": 10, "random_state": 1, **parameters}).fit(X, Y)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"keep": 0.0}, "keep is 0"),
        ({"epochs": 0}, "epochs is 0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"learning_rate": -0.1}, "learning_rate"),
        ({"momentum": 1.0}, "momentum is 1"),
        ({"weight_decay": -1.0}, "weight_decay"),
        ({"schedule": "magic"}, 'schedule is "magic"'),
    ],
)
def test_parameters_of_edge_popup_out_of_range(parameters, message):
    with pytest.raises(ValueError, match=message):
        slt.EdgePopupClassifier(hidden=10, **parameters).fit(X, Y)


def test_a_failed_fit_keeps_the_last_one():
    fitted = slt.TicketClassifier(hidden=10, flips=500, random_state=1).fit(X, Y)
    ticket = fitted.ticket_
    with pytest.raises(ValueError, match="flips"):
        fitted.set_params(flips=0).fit(X, Y)
    assert fitted.ticket_ is ticket
