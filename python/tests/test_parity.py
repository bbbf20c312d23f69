"""The same numbers and the same seed give the same ticket in Python, on the command line and in Rust."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import slt
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

#: What both have to give; `crates/slt-run/tests/it/arrays.rs` holds the library of Rust against it.
PINNED = Path(__file__).with_name("parity.json")

binary = os.environ.get("SLT_BIN")
needs_binary = pytest.mark.skipif(not binary, reason="SLT_BIN does not name the program slt: IT IS NOT COMPARED WITH IT")


def command_line(command: str, X, y, tmp_path: Path, *options: str) -> slt.Ticket:
    """The ticket that the program finds on the same numbers. All rows are its training part; the test part chooses nothing."""
    data, out = tmp_path / "data.npz", tmp_path / "out.slt"
    np.savez(data, x_train=X, y_train=y, x_test=X[:5], y_test=y[:5])
    call = [binary, command, "--data", data, "--out", out, "--quiet", *options]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    return slt.Ticket.load(out)


def check(ours: slt.Ticket, theirs: slt.Ticket, X) -> None:
    assert (ours.sizes, ours.seed) == (theirs.sizes, theirs.seed)
    assert (ours.mask == theirs.mask).all()
    assert (ours.inverted == theirs.inverted).all()
    assert ours.lean_bytes == theirs.lean_bytes
    assert (ours.logits(X) == theirs.logits(X)).all()


SEARCHES = {
    "defaults": ({}, ()),
    "price": ({"price": 1e-3, "flips": 1000}, ("--price", "1e-3", "--flips", "1000")),
    "seed": ({"random_state": 2**63, "flips": 1000}, ("--seed", str(2**63), "--flips", "1000")),
    "anneal": ({"algorithm": "anneal", "flips": 9000}, ("--algorithm", "anneal", "--flips", "9000")),
    "descent": ({"algorithm": "descent"}, ("--algorithm", "descent")),
    "nsga2": ({"algorithm": "nsga2", "evaluations": 3000}, ("--algorithm", "nsga2", "--evaluations", "3000")),
    "population": ({"population": 7, "flips": 3000}, ("--population", "7", "--flips", "3000")),
    "population of nsga2": (
        {"algorithm": "nsga2", "population": 20, "evaluations": 2000},
        ("--algorithm", "nsga2", "--population", "20", "--evaluations", "2000"),
    ),
    "population of umda": (
        {"algorithm": "umda", "population": 40, "evaluations": 2000},
        ("--algorithm", "umda", "--population", "40", "--evaluations", "2000"),
    ),
    "population of ga": ({"algorithm": "ga", "population": 30}, ("--algorithm", "ga", "--population", "30")),
    "signed": (
        {"algorithm": "unit-descent", "signed": True, "price": 1e-3},
        ("--algorithm", "unit-descent", "--signed", "--price", "1e-3"),
    ),
    "seeds": ({"seeds": 4, "flips": 2000, "random_state": 7}, ("--seeds", "4", "--flips", "2000", "--seed", "7")),
    "one of seeds": ({"seeds": 1, "algorithm": "descent"}, ("--seeds", "1", "--algorithm", "descent")),
    "seeds and signs": (
        {"seeds": 3, "algorithm": "unit-descent", "signed": True},
        ("--seeds", "3", "--algorithm", "unit-descent", "--signed"),
    ),
    "unit-descent": ({"algorithm": "unit-descent"}, ("--algorithm", "unit-descent")),
    "ga": ({"algorithm": "ga"}, ("--algorithm", "ga")),
    "ga on a loss": (
        {"algorithm": "ga", "metric": "cross-entropy"},
        ("--algorithm", "ga", "--objective", "cross-entropy", "--max-generations", "2000"),
    ),
    "ga-ab": ({"algorithm": "ga-ab"}, ("--algorithm", "ga-ab")),
    "metric": ({"metric": "balanced-accuracy", "flips": 1000}, ("--judge", "balanced-accuracy", "--flips", "1000")),
    "objective": (
        {"objective": "margin:1", "flips": 1000},
        ("--objective", "margin:1", "--judge", "accuracy", "--flips", "1000"),
    ),
    "hold-out": ({"hold_out": 0.25, "flips": 1000}, ("--hold-out", "0.25", "--flips", "1000")),
    "not scaled": ({"scaling": "none", "flips": 1000}, ("--scaling", "none", "--flips", "1000")),
    "initialiser": (
        {"weights": "signed-constant", "biases": "zero", "flips": 1000},
        ("--weights", "signed-constant", "--biases", "zero", "--flips", "1000"),
    ),
}


@needs_binary
@pytest.mark.parametrize("case", SEARCHES)
@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_searches(case, load, tmp_path):
    X, y = load(return_X_y=True)
    X = X.astype(np.float32)
    parameters, options = SEARCHES[case]
    fitted = slt.TicketClassifier(**{"hidden": (12, 8), "random_state": 1, **parameters}).fit(X, y)
    check(fitted.ticket_, command_line("search", X, y, tmp_path, "--hidden", "12,8", *options), X)


@needs_binary
def test_search_with_all_defaults(tmp_path):
    X, y = load_breast_cancer(return_X_y=True)
    X = X.astype(np.float32)
    fitted = slt.TicketClassifier(random_state=1).fit(X, y)
    check(fitted.ticket_, command_line("search", X, y, tmp_path, "--hidden", "50,50"), X)


@needs_binary
@pytest.mark.parametrize("signed", [False, True])
def test_shifts(signed, tmp_path):
    """Copies of images that are moved, of digits of 8 x 8 pixels."""
    X, y = slt.datasets.digits()
    X, y = X[:300].astype(np.float32), y[:300]
    parameters = {"algorithm": "unit-descent", "shifts": 1, "signed": signed}
    fitted = slt.TicketClassifier(12, random_state=1, **parameters).fit(X, y)
    options = ["--algorithm", "unit-descent", "--shifts", "1", *["--signed"] * signed]
    check(fitted.ticket_, command_line("search", X, y, tmp_path, "--hidden", "12", *options), X)
    still = slt.TicketClassifier(12, random_state=1, **{**parameters, "shifts": 0}).fit(X, y)
    assert still.ticket_ != fitted.ticket_


@needs_binary
def test_data_of_few_features_and_many_samples(tmp_path):
    """Where defaults follow the accuracy on a part of the samples."""
    X, y = slt.datasets.circles(12_000, noise=0.1, factor=0.5)
    X = X.astype(np.float32)
    fitted = slt.TicketClassifier(20, flips=500, random_state=1).fit(X, y)
    check(fitted.ticket_, command_line("search", X, y, tmp_path, "--hidden", "20", "--flips", "500"), X)


@needs_binary
@pytest.mark.parametrize(
    ("parameters", "options"),
    [
        ({}, ()),
        ({"keep": 0.3, "epochs": 20}, ("--keep", "0.3", "--epochs", "20")),
        ({"batch_size": 16, "schedule": "constant"}, ("--batch-size", "16", "--schedule", "constant")),
        ({"weights": "kaiming-normal", "keep": 0.7}, ("--weights", "kaiming-normal", "--keep", "0.7")),
    ],
)
def test_edge_popup(parameters, options, tmp_path):
    X, y = load_wine(return_X_y=True)
    X = X.astype(np.float32)
    fitted = slt.EdgePopupClassifier(random_state=4, **parameters).fit(X, y)
    theirs = command_line("edge-popup", X, y, tmp_path, "--hidden", "50,50", "--seed", "4", *options)
    check(fitted.ticket_, theirs, X)


@needs_binary
def test_a_csv_file_has_the_same_numbers(tmp_path):
    """Texts of single precision read back as the same numbers; names of columns and classes are kept on both sides."""
    X, y = load_iris(return_X_y=True, as_frame=True)
    X = X.astype(np.float32)
    names = np.array(["setosa", "versicolor", "virginica"])
    table = X.assign(kind=names[y])
    table.to_csv(tmp_path / "iris.csv", index=False)
    call = [binary, "search", "--data", tmp_path / "iris.csv", "--test-data", tmp_path / "iris.csv", "--target", "kind"]
    call += ["--hidden", "10", "--flips", "3000", "--out", tmp_path / "out.slt", "--quiet"]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    theirs = slt.TicketClassifier.load(tmp_path / "out.slt")
    ours = slt.TicketClassifier(10, flips=3000, random_state=1).fit(X, names[y])
    check(ours.ticket_, theirs.ticket_, X.to_numpy())
    assert list(theirs.feature_names_in_) == list(ours.feature_names_in_)
    assert (theirs.predict(X) == ours.predict(X)).all()
    # And the program predicts with the ticket that was found in Python, columns in any order.
    ours.save(tmp_path / "ours.slt")
    X.iloc[:, ::-1].to_csv(tmp_path / "rows.csv", index=False)
    call = [binary, "predict", tmp_path / "ours.slt", "--data", tmp_path / "rows.csv", "--out", tmp_path / "said.csv"]
    subprocess.run([*call, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    said = (tmp_path / "said.csv").read_text().split()[1:]
    assert said == list(ours.predict(X))


@pytest.mark.parametrize("case", json.loads(PINNED.read_text()), ids=lambda case: case["name"])
def test_what_rust_gives(case):
    X, y = slt.datasets.digits()
    parameters = {name: case[name] for name in ("hidden", "algorithm", "flips", "price")}
    fitted = slt.TicketClassifier(random_state=case["seed"], **parameters).fit(X, y)
    assert fitted.ticket_.lean_bytes.hex() == case["lean_bytes"]
