"""The data sets of the paper.

The generators give what those of scikit-learn give, draw for draw; only the last bit of a sine, a cosine or a logarithm, which there
depends on the machine, may differ.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from . import _slt

__all__ = ["blobs", "circles", "digits", "moons", "paper"]


def moons(
    n_samples: int = 100, *, shuffle: bool = True, noise: float | None = None, random_state: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Make two interleaving half circles, as `sklearn.datasets.make_moons` does.

    Parameters
    ----------
    n_samples : int, default=100
        Points altogether, at least 1.
    shuffle : bool, default=True
        Whether the rows are in random order.
    noise : float or None, default=None
        Standard deviation of the Gaussian noise, at least 0.
    random_state : int, default=0
        Seed, 0 to 2**32 - 1.

    Returns
    -------
    X : ndarray of shape (n_samples, 2)
    y : ndarray of shape (n_samples,)
        0 for the outer moon, 1 for the inner one.

    Raises
    ------
    ValueError
        For a parameter out of its range.
    """
    return _slt.moons(n_samples, noise, shuffle, random_state)


def circles(
    n_samples: int = 100,
    *,
    shuffle: bool = True,
    noise: float | None = None,
    random_state: int = 0,
    factor: float = 0.8,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Make a circle in another one, as `sklearn.datasets.make_circles` does.

    Parameters
    ----------
    n_samples : int, default=100
        Points altogether, at least 1.
    shuffle : bool, default=True
        Whether the rows are in random order.
    noise : float or None, default=None
        Standard deviation of the Gaussian noise, at least 0.
    random_state : int, default=0
        Seed, 0 to 2**32 - 1.
    factor : float, default=0.8
        Radius of the inner circle, in [0, 1).

    Returns
    -------
    X : ndarray of shape (n_samples, 2)
    y : ndarray of shape (n_samples,)
        0 for the outer circle, 1 for the inner one.

    Raises
    ------
    ValueError
        For a parameter out of its range.
    """
    return _slt.circles(n_samples, noise, factor, shuffle, random_state)


def blobs(
    n_samples: int = 100,
    n_features: int = 2,
    *,
    centers: int = 3,
    cluster_std: float = 1.0,
    shuffle: bool = True,
    random_state: int = 0,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Make Gaussian clusters, as `sklearn.datasets.make_blobs` does.

    Parameters
    ----------
    n_samples : int, default=100
        Points altogether, at least 1.
    n_features : int, default=2
        Dimensions, at least 1.
    centers : int, default=3
        Clusters, at least 1.
    cluster_std : float, default=1.0
        Standard deviation in every coordinate, at least 0.
    shuffle : bool, default=True
        Whether the rows are in random order.
    random_state : int, default=0
        Seed, 0 to 2**32 - 1.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        The cluster of each point.

    Raises
    ------
    ValueError
        For a parameter out of its range.
    """
    return _slt.blobs(n_samples, n_features, centers, cluster_std, shuffle, random_state)


def digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the 1,797 images of digits that `sklearn.datasets.load_digits` gives.

    Returns
    -------
    X : ndarray of shape (1797, 64)
        Pixels, 0 to 16.
    y : ndarray of shape (1797,)
        The digits.
    """
    return _slt.digits()


def paper(
    name: Literal["moons", "circles", "blobs", "digits", "digits-file-order"], n_classes: int | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Give a data set as the paper generates, scales and divides it.

    Parameters
    ----------
    name : {"moons", "circles", "blobs", "digits", "digits-file-order"}
        The data set; the last part of the digits in the order of their file is the test part of `"digits-file-order"`.
    n_classes : int or None, default=None
        Number of classes of blobs or digits, 2 to 10; all by default.

    Returns
    -------
    X_train, X_test : ndarray of shape (n_samples, n_features)
    y_train, y_test : ndarray of shape (n_samples,)
        In the order of `sklearn.model_selection.train_test_split`.

    Raises
    ------
    ValueError
        If there is no such data set.
    """
    (X_train, y_train), (X_test, y_test) = _slt.paper(name, n_classes)
    return X_train, X_test, y_train, y_test
