"""Estimators for scikit-learn."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _slt
from ._progress import progress
from ._seed import seed_of
from ._slt import Ticket

try:
    from typing import Self
except ImportError:  # before Python 3.11
    from typing import TypeVar

    Self = TypeVar("Self")  # type: ignore[assignment, misc]

#: The name that the labels have in a ticket, which no column can have.
_LABEL = "label"


class _TicketEstimator(ClassifierMixin, BaseEstimator):
    """What both estimators have in common: all but the search."""

    hidden: int | Sequence[int]
    scaling: str
    weights: str
    biases: str
    random_state: Any
    n_jobs: int | None
    verbose: bool

    ticket_: Ticket
    classes_: NDArray[Any]
    n_features_in_: int
    seed_: int
    search_: dict[str, Any]

    def _find(self, samples: dict[str, Any], network: dict[str, Any]) -> tuple[Ticket, dict[str, Any]]:
        raise NotImplementedError

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Find a ticket on all samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Features. They are rounded to single precision; an array that has it is taken without a conversion.
        y : array-like of shape (n_samples,)
            Labels of any type, of at least two classes.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        ValueError
            For samples that scikit-learn refuses (missing or infinite values, no samples, texts), for a single class, and for
            parameters out of their range.
        KeyboardInterrupt
            At Ctrl-C, after a second at the latest. A step that takes longer, on large data, ends in the background. What an earlier
            fit has found stays.
        """
        X, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        classes, codes = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(
                f"{type(self).__name__} needs samples of at least 2 classes in the data, but the data contains only one "
                f"class: {classes[0]!r}"
            )
        seed = seed_of(self.random_state)
        samples = {
            "features": _aligned(X),
            "labels": codes.astype(np.int64).ravel(),
            "columns": _names(getattr(self, "feature_names_in_", ()), taken={_LABEL}),
            "classes": _names(classes.tolist()),
            "scaling": self.scaling,
        }
        network = {
            "hidden": _sizes(self.hidden),
            "weights": self.weights,
            "biases": self.biases,
            "keep": getattr(self, "keep", 0.5),
            "seed": seed,
        }
        ticket, search = self._find(samples, network)
        self.ticket_, self.search_, self.classes_, self.seed_ = ticket, search, classes, seed
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the class of each sample.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Features as in `fit`, not scaled: the ticket scales them.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            The class with the largest logit, of several the first.
        """
        rows = self._rows(X)
        return self.classes_[self.ticket_.predict(rows, self._n_threads())]

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Estimate the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Features as in `fit`.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes)
            The softmax of the logits, in the order of `classes_`.
        """
        rows = self._rows(X)
        return self.ticket_.predict_proba(rows, self._n_threads())

    def decision_function(self, X: ArrayLike) -> NDArray[np.float32]:
        """Give the outputs of the network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Features as in `fit`.

        Returns
        -------
        z : ndarray of shape (n_samples,) or (n_samples, n_classes)
            The logits; for two classes, that of the second less that of the first.
        """
        rows = self._rows(X)
        logits = self.ticket_.logits(rows, self._n_threads())
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def save(self, path: str | os.PathLike[str], *, lean: bool = False) -> None:
        """Write the ticket to a file, which `load` and the command line read.

        Parameters
        ----------
        path : path-like
            The file, by convention with the ending `.slt`. It is written whole or not at all.
        lean : bool, default=False
            Whether to write the lean form: what it takes to predict, and nothing else. Names of classes and columns are left out.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        check_is_fitted(self)
        self.ticket_.save(path, lean=lean)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a ticket from a file, from Python or from the command line.

        Parameters
        ----------
        path : path-like
            The file.

        Returns
        -------
        estimator : object
            A fitted estimator. Of its parameters only `hidden` is that of the file. Without names of columns, as in the lean form,
            they are taken by their positions. Classes whose names are all whole numbers, all
            numbers, or `False` and `True`, are such again; the others are texts.

        Raises
        ------
        OSError
            If the file cannot be read.
        ValueError
            If it is no ticket, or a damaged one.
        """
        ticket = Ticket.load(path)
        estimator = cls(hidden=tuple(ticket.sizes[1:-1]))
        names = ticket.classes
        estimator.classes_ = np.arange(ticket.sizes[-1]) if names is None else _classes(names)
        estimator.n_features_in_ = ticket.n_columns
        if ticket.has_column_names:
            estimator.feature_names_in_ = np.array(ticket.columns, dtype=object)
        estimator.ticket_, estimator.search_, estimator.seed_ = ticket, {}, ticket.seed
        return estimator

    def export_onnx(self, path: str | os.PathLike[str]) -> None:
        """Write the ticket as ONNX.

        Parameters
        ----------
        path : path-like
            The file. Its graph takes `features` (float32, one sample a row, not scaled) and gives `label` and `logits`.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        check_is_fitted(self)
        self.ticket_.export_to(path, "onnx")

    def _rows(self, X: ArrayLike) -> NDArray[np.float32]:
        check_is_fitted(self)
        return _aligned(validate_data(self, X, dtype=np.float32, reset=False))

    def _n_threads(self) -> int:
        return effective_n_jobs(self.n_jobs)


class TicketClassifier(_TicketEstimator):
    """Classifier that searches for a strong lottery ticket.

    A network of random weights is drawn and never trained; what is searched is a mask that says which of its weights stay. It is
    the search of `slt search`: the same numbers and the same seed give the same ticket there.

    Parameters
    ----------
    hidden : int or sequence of int, default=(50, 50)
        Units of each hidden layer, with ReLU. None for a linear network.
    algorithm : str, default="memetic"
        `"memetic"`, `"anneal"`, `"descent"`, `"late-acceptance"`, `"heavy-tailed"`, `"nsga2"`, `"umda"`, `"unit-descent"`, or the
        paper's `"ga"` and `"ga-ab"`.
    metric : str, default="accuracy"
        What results are judged by, on the training data: `"accuracy"`, `"balanced-accuracy"`, `"macro-f1"`,
        `"matthews-correlation"`, `"auc"`, `"cross-entropy"`, `"cross-entropy:T"` with a temperature T, `"margin:M"`. It is what
        `"ga"` and `"ga-ab"` maximise, unless `objective` is given.
    price : float or None, default=None
        What an active weight has to be worth, in units of the objective, at least 0: the higher, the sparser (`"memetic"`,
        `"anneal"`, `"descent"`, `"late-acceptance"`, `"unit-descent"`). By default 0.
    time : float or None, default=None
        Seconds after which the search ends with its current step; several searches (`seeds`) share them. It is the only parameter
        by which results depend on the machine.
    random_state : int, RandomState instance or None, default=None
        Seed of the network and of the search, 0 to 2**64 - 1. From anything but a whole number one is drawn; see `seed_`.
    objective : str or None, default=None
        Metric that the search follows. By default the cross-entropy; the accuracy for two classes of up to 4 features and at least
        2,000 samples.
    scaling : {"standard", "minmax", "per-feature", "max-abs", "none"}, default="standard"
        How features are scaled: to mean 0 and deviation 1, to [-0.7, 0.7] all alike or each by itself, by the largest absolute
        value of all, or not at all. The ticket keeps it.
    weights : {"uniform", "kaiming-normal", "signed-constant"}, default="uniform"
        Distribution of the weights; uniform is U[-1, 1).
    biases : {"uniform", "zero", "fan-in"}, default="uniform"
        Distribution of the biases, which are not masked.
    flips : int or None, default=None
        Flips proposed in a local search, at least 1 (`"anneal"`, `"late-acceptance"`, `"memetic"`). By default by the size of the
        network.
    evaluations : int or None, default=None
        The most masks that are judged, flips included. Not for `"ga"` and `"ga-ab"`.
    hold_out : float or None, default=None
        Share of the training data, in (0, 1), that the search does not see and results are judged on. Not for `"ga"` and `"ga-ab"`.
    population : int or None, default=None
        Masks that are kept, or drawn: 1 to 1,000 (`"memetic"`), 2 to 100,000 (`"nsga2"`), 1 to 1,000,000 (`"umda"`, `"ga"`,
        `"ga-ab"`). By default what suits the algorithm and the size of the network.
    shifts : int, default=0
        Pixels, 0 to 100, by which copies of images are moved along both axes, which the search sees, too (`"unit-descent"`). The
        features are the pixels of square images of one channel, row by row.
    signed : bool, default=False
        Whether weights may be inverted, too, not only hidden (`"unit-descent"`): what is found is no ticket in the strict sense.
    seeds : int or None, default=None
        The networks of so many seeds are searched, 1 to 65,536, from `random_state` on, and the ticket that is judged best is kept,
        of equal ones the sparsest: the best of 2^K seeds is worth K bits, and none of them is stored. Each search has all of
        `evaluations`. By default 1. Not for `"ga"` and `"ga-ab"`.
    n_jobs : int or None, default=None
        Threads; -1 is all cores, None is 1 unless in a `joblib.parallel_config` context. No result depends on it.
    verbose : bool, default=False
        Whether to show a progress bar, if tqdm is installed.

    Attributes
    ----------
    ticket_ : Ticket
        What was found.
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if `X` had any that are all texts.
    seed_ : int
        The seed that was used; of several (`seeds`) the first one, and that of the ticket is `ticket_.seed`.
    search_ : dict
        What the search took: `steps`, `evaluations`, `stop_reason` and others; of several searches, that whose ticket is kept.
        With `seeds` also `performances`: pairs of a seed and what its best mask is judged at.

    See Also
    --------
    EdgePopupClassifier : Finds a ticket by gradient descent on scores.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from slt import TicketClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = TicketClassifier(hidden=20, random_state=1).fit(X, y)
    >>> classifier.score(X, y) > 0.95
    True
    >>> classifier.ticket_.mask.shape
    (140,)
    """

    def __init__(
        self,
        hidden: int | Sequence[int] = (50, 50),
        algorithm: str = "memetic",
        metric: str = "accuracy",
        price: float | None = None,
        time: float | None = None,
        random_state: Any = None,
        *,
        objective: str | None = None,
        scaling: Literal["standard", "minmax", "per-feature", "max-abs", "none"] = "standard",
        weights: Literal["uniform", "kaiming-normal", "signed-constant"] = "uniform",
        biases: Literal["uniform", "zero", "fan-in"] = "uniform",
        flips: int | None = None,
        evaluations: int | None = None,
        hold_out: float | None = None,
        population: int | None = None,
        shifts: int = 0,
        signed: bool = False,
        seeds: int | None = None,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.hidden = hidden
        self.algorithm = algorithm
        self.metric = metric
        self.price = price
        self.time = time
        self.random_state = random_state
        self.objective = objective
        self.scaling = scaling
        self.weights = weights
        self.biases = biases
        self.flips = flips
        self.evaluations = evaluations
        self.hold_out = hold_out
        self.population = population
        self.shifts = shifts
        self.signed = signed
        self.seeds = seeds
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _find(self, samples: dict[str, Any], network: dict[str, Any]) -> tuple[Ticket, dict[str, Any]]:
        names = ("algorithm", "metric", "objective", "price", "hold_out", "time")
        asked = {name: getattr(self, name) for name in names}
        asked |= {name: _whole(name, getattr(self, name), 1) for name in ("flips", "evaluations")}
        asked["population"] = _whole("population", self.population, 1, 1_000_000)
        asked["seeds"] = _whole("seeds", self.seeds, 1, 65_536)
        asked["shifts"] = _whole("shifts", self.shifts, 0, 100) or 0
        if not isinstance(self.signed, (bool, np.bool_)):
            raise ValueError(f"signed is {self.signed!r}: it must be True or False")
        asked["signed"] = bool(self.signed)
        with progress(self.verbose, self.algorithm) as show:
            return _slt.search(samples, network, asked, self._n_threads(), show)


class EdgePopupClassifier(_TicketEstimator):
    """Classifier that finds a strong lottery ticket by edge-popup.

    Every weight of a random network has a score; in each layer the weights with the highest scores are active, and gradient
    descent moves the scores, not the weights (Ramanujan et al., 2020). It is what `slt edge-popup` does: the same numbers and the
    same seed give the same ticket there.

    Parameters
    ----------
    hidden : int or sequence of int, default=(50, 50)
        Units of each hidden layer, with ReLU. None for a linear network.
    keep : float, default=0.5
        Share of the weights of each layer that are active, in (0, 1].
    epochs : int, default=100
        Passes over the data, at least 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the network and of the scores, 0 to 2**64 - 1. From anything but a whole number one is drawn; see `seed_`.
    batch_size : int or None, default=None
        Samples in a batch, at least 1. By default a quarter of the samples; from 1,000 samples 250, from 5,000 500, from 40,000
        1,000.
    learning_rate : float, default=0.1
        Learning rate of the first epoch, above 0.
    momentum : float, default=0.9
        Momentum, in [0, 1).
    weight_decay : float, default=0.0001
        Weight decay of the scores, at least 0.
    schedule : {"cosine", "constant"}, default="cosine"
        Whether the learning rate falls to 0 along half a cosine.
    scaling : {"standard", "minmax", "per-feature", "max-abs", "none"}, default="standard"
        How features are scaled, as of `TicketClassifier`.
    weights : {"uniform", "kaiming-normal", "signed-constant"}, default="uniform"
        Distribution of the weights.
    biases : {"uniform", "zero", "fan-in"}, default="uniform"
        Distribution of the biases, which are not masked.
    n_jobs : int or None, default=None
        Threads for predictions; fits take one.
    verbose : bool, default=False
        Whether to show a progress bar, if tqdm is installed.

    Attributes
    ----------
    ticket_ : Ticket
        The mask of the last epoch, with its network.
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if `X` had any that are all texts.
    seed_ : int
        The seed that was used.
    search_ : dict
        `epochs`, and `loss_curve`, the mean cross-entropy of each epoch.

    See Also
    --------
    TicketClassifier : Searches without gradients.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from slt import EdgePopupClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = EdgePopupClassifier(hidden=50, random_state=1).fit(X, y)
    >>> classifier.score(X, y) > 0.9
    True
    >>> round(classifier.ticket_.sparsity, 2)
    0.5
    """

    def __init__(
        self,
        hidden: int | Sequence[int] = (50, 50),
        keep: float = 0.5,
        epochs: int = 100,
        random_state: Any = None,
        *,
        batch_size: int | None = None,
        learning_rate: float = 0.1,
        momentum: float = 0.9,
        weight_decay: float = 1e-4,
        schedule: Literal["cosine", "constant"] = "cosine",
        scaling: Literal["standard", "minmax", "per-feature", "max-abs", "none"] = "standard",
        weights: Literal["uniform", "kaiming-normal", "signed-constant"] = "uniform",
        biases: Literal["uniform", "zero", "fan-in"] = "uniform",
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.hidden = hidden
        self.keep = keep
        self.epochs = epochs
        self.random_state = random_state
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.scaling = scaling
        self.weights = weights
        self.biases = biases
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _find(self, samples: dict[str, Any], network: dict[str, Any]) -> tuple[Ticket, dict[str, Any]]:
        names = ("keep", "epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "schedule")
        asked = {name: getattr(self, name) for name in names}
        with progress(self.verbose, "edge-popup") as show:
            return _slt.edge_popup(samples, network, asked, show)


def _aligned(X: NDArray[Any]) -> NDArray[np.float32]:
    """The same array, copied only where numbers are not where the processor expects them."""
    return np.require(X, np.float32, ["ALIGNED"])


def _sizes(hidden: int | Iterable[int]) -> list[int]:
    sizes = [hidden] if np.isscalar(hidden) else list(hidden)  # type: ignore[arg-type]
    for size in sizes:
        if isinstance(size, (bool, np.bool_)) or not isinstance(size, (int, np.integer)) or size < 1:
            raise ValueError(f"hidden is {hidden!r}: it must be a whole number from 1, or a sequence of such")
    return [int(size) for size in sizes]


def _whole(name: str, value: Any, least: int, most: int = 2**64 - 1) -> int | None:
    """A parameter that is a whole number, or None for a default."""
    if value is None:
        return None
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or not least <= value <= most:
        limits = f"from {least}" if most == 2**64 - 1 else f"from {least} to {most:,}"
        raise ValueError(f"{name} is {value!r}: it must be a whole number {limits}")
    return int(value)


def _names(values: Iterable[Any], taken: Iterable[str] = ()) -> list[str] | None:
    """Values as the names that a ticket can have: different texts without control characters; none if they are not."""
    names = [str(value) for value in values]
    seen = {*names, *taken}
    is_usable = len(seen) == len(names) + len(list(taken)) and all(name.isprintable() and name for name in names)
    return names if names and is_usable else None


def _classes(names: list[str]) -> NDArray[Any]:
    """Classes of their names."""
    for kind in (int, float):
        try:
            classes = [kind(name) for name in names]
        except ValueError:
            continue
        if [str(value) for value in classes] == names:
            return np.array(classes)
    if names == ["False", "True"]:
        return np.array([False, True])
    return np.array(names)
