"""Both estimators are scikit-learn's in every respect."""

import pickle

import joblib
import numpy as np
import pandas as pd
import pytest
import slt
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

ESTIMATORS = [slt.TicketClassifier, slt.EdgePopupClassifier]


def quick(estimator, **parameters):
    """An estimator whose fits take milliseconds."""
    if estimator is slt.TicketClassifier:
        parameters = {"flips": 2000, **parameters}
    return estimator(**{"hidden": 10, "random_state": 1, **parameters})


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


# Nothing is expected to fail.
@parametrize_with_checks([estimator() for estimator in ESTIMATORS])
def test_check(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_all_checks_at_once(estimator):
    results = check_estimator(estimator(), on_skip=None)
    skipped = {result["check_name"] for result in results if result["status"] == "skipped"}
    # Arrays of other libraries than numpy are no promise of the estimators; without SCIPY_ARRAY_API scikit-learn does not look.
    assert skipped <= {"check_array_api_input"}
    assert len(results) > 50


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_pipeline(estimator, iris):
    pipeline = make_pipeline(StandardScaler(), quick(estimator, hidden=50, scaling="none"))
    assert pipeline.fit(*iris).score(*iris) > 0.9


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_grid_search(estimator, iris):
    grid = {"hidden": [(20,), (50, 20)], "scaling": ["standard", "per-feature"]}
    search = GridSearchCV(quick(estimator), grid, cv=3, n_jobs=2).fit(*iris)
    assert search.best_score_ > 0.85
    assert search.best_params_["hidden"] in grid["hidden"]


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_cross_validation(estimator, iris):
    scores = cross_val_score(quick(estimator, hidden=50), *iris, cv=3, scoring="roc_auc_ovr")
    assert scores.min() > 0.9


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_calibration(estimator, method):
    X, y = load_breast_cancer(return_X_y=True)
    calibrated = CalibratedClassifierCV(quick(estimator), method=method, cv=3).fit(X, y)
    assert calibrated.score(X, y) > 0.9
    assert np.allclose(calibrated.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_parameters(estimator):
    classifier = quick(estimator)
    copy = clone(classifier)
    assert copy.get_params() == classifier.get_params()
    assert copy.set_params(hidden=(3, 4)).hidden == (3, 4)


@pytest.mark.parametrize("keep", [pickle, joblib])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_pickling(estimator, keep, iris, tmp_path):
    fitted = quick(estimator).fit(*iris)
    with open(tmp_path / "kept", "wb") as file:
        keep.dump(fitted, file)
    with open(tmp_path / "kept", "rb") as file:
        again = keep.load(file)
    assert again.ticket_ == fitted.ticket_
    assert (again.predict_proba(iris[0]) == fitted.predict_proba(iris[0])).all()
    assert again.search_.keys() == fitted.search_.keys()


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_threads_change_nothing(estimator, iris):
    one, two, all_of_them = (quick(estimator, n_jobs=n).fit(*iris) for n in (1, 2, -1))
    assert one.ticket_.bytes == two.ticket_.bytes == all_of_them.ticket_.bytes
    X = np.tile(iris[0], (100, 1))  # enough rows for several threads
    assert (one.decision_function(X) == two.decision_function(X)).all()
    assert (one.predict(X) == np.tile(one.predict(iris[0]), 100)).all()


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("labels", [["a", "b", "é"], [-7, 3, 12], [0.0, 1.0, 2.0], [False, True, True]])
def test_labels_of_any_type(estimator, labels, iris, tmp_path):
    X, y = iris
    fitted = quick(estimator).fit(X, np.array(labels)[y])
    assert list(fitted.classes_) == sorted(set(labels))
    assert set(fitted.predict(X)) <= set(labels)
    fitted.save(tmp_path / "t.slt")
    loaded = estimator.load(tmp_path / "t.slt")
    assert loaded.classes_.dtype.kind == fitted.classes_.dtype.kind
    assert (loaded.predict(X) == fitted.predict(X)).all()


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_names_of_columns(estimator, tmp_path):
    X, y = load_iris(return_X_y=True, as_frame=True)
    fitted = quick(estimator).fit(X, y)
    assert list(fitted.feature_names_in_) == list(X.columns) == fitted.ticket_.columns
    with pytest.raises(ValueError, match="feature names should match"):
        fitted.predict(X.rename(columns={X.columns[0]: "other"}))
    fitted.save(tmp_path / "t.slt")
    loaded = estimator.load(tmp_path / "t.slt")
    assert (loaded.predict(X) == fitted.predict(X)).all()
    assert list(loaded.feature_names_in_) == list(X.columns)


@pytest.mark.parametrize("names", [["a", "label"], ["a\nb", "c"], ["", "c"]])
def test_names_that_a_ticket_cannot_have_are_numbers_there(names):
    X, y = slt.datasets.moons(60, noise=0.1)
    fitted = quick(slt.TicketClassifier).fit(pd.DataFrame(X, columns=names), y)
    assert list(fitted.feature_names_in_) == names
    assert fitted.ticket_.columns == ["x0", "x1"]


def test_random_states(iris):
    seeds = [quick(slt.TicketClassifier, random_state=state).fit(*iris).seed_ for state in (0, np.int64(5), 2**64 - 1)]
    assert seeds == [0, 5, 2**64 - 1]
    drawn = [quick(slt.TicketClassifier, random_state=np.random.RandomState(3)).fit(*iris) for _ in range(2)]
    assert drawn[0].seed_ == drawn[1].seed_ != 3
    assert drawn[0].ticket_ == drawn[1].ticket_
    with pytest.raises(ValueError, match="random_state is -1"):
        quick(slt.TicketClassifier, random_state=-1).fit(*iris)
    unseeded = [quick(slt.TicketClassifier, random_state=None).fit(*iris).seed_ for _ in range(2)]
    assert unseeded[0] != unseeded[1]
