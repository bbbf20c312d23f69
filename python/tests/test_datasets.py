"""Data sets equal scikit-learn's but for the last bits of sines and logarithms, which differ from machine to machine there."""

import numpy as np
import pytest
import sklearn.datasets
import slt


@pytest.mark.parametrize("seed", [0, 42])
@pytest.mark.parametrize(
    ("ours", "theirs", "parameters"),
    [
        (slt.datasets.moons, sklearn.datasets.make_moons, {"n_samples": 101, "noise": 0.2}),
        (slt.datasets.moons, sklearn.datasets.make_moons, {"n_samples": 50, "shuffle": False}),
        (slt.datasets.circles, sklearn.datasets.make_circles, {"n_samples": 200, "noise": 0.1, "factor": 0.4}),
        (slt.datasets.blobs, sklearn.datasets.make_blobs, {"n_samples": 97, "n_features": 3, "centers": 5}),
    ],
)
def test_generators(ours, theirs, parameters, seed):
    X, y = ours(**parameters, random_state=seed)
    expected, labels = theirs(**parameters, random_state=seed)
    assert (X.dtype, y.dtype) == (np.float64, np.int64)
    np.testing.assert_allclose(X, expected, rtol=1e-14, atol=1e-15)
    assert (y == labels).all()


def test_digits():
    X, y = slt.datasets.digits()
    expected, labels = sklearn.datasets.load_digits(return_X_y=True)
    assert (X == expected).all()
    assert (y == labels).all()


def test_paper():
    X_train, X_test, y_train, y_test = slt.datasets.paper("digits", 4)
    assert X_train.dtype == np.float32
    assert len(X_train) == len(y_train) > len(X_test) == len(y_test)
    assert set(y_train) == {0, 1, 2, 3}
    with pytest.raises(ValueError, match="moons, circles, blobs, digits"):
        slt.datasets.paper("squares")
    with pytest.raises(ValueError):
        slt.datasets.moons(0)
