"""Tickets: bytes, files, other formats."""

import copy
import os
import pickle
import subprocess

import numpy as np
import pandas as pd
import pytest
import slt
from sklearn.datasets import load_iris

X, Y = load_iris(return_X_y=True)
ROWS = X.astype(np.float32)

binary = os.environ.get("SLT_BIN")
needs_binary = pytest.mark.skipif(not binary, reason="SLT_BIN does not name the program slt")


@pytest.fixture(scope="module")
def fitted():
    return slt.TicketClassifier((10, 5), flips=3000, random_state=3).fit(X, np.array(["a", "b", "c"])[Y])


def test_what_it_says_of_itself(fitted):
    ticket = fitted.ticket_
    assert ticket.sizes == (4, 10, 5, 3)
    assert ticket.mask.dtype == bool
    assert ticket.mask.shape == (4 * 10 + 10 * 5 + 5 * 3,)
    assert ticket.n_active == ticket.mask.sum()
    assert ticket.sparsity == pytest.approx(1 - ticket.mask.mean())
    assert (ticket.seed, ticket.n_columns, ticket.classes) == (3, 4, ["a", "b", "c"])
    assert ticket.columns == ["x0", "x1", "x2", "x3"]
    assert ticket.provenance["search seed"] == "3"
    assert repr(ticket).startswith("<Ticket [4,10,5,3], ")


def test_bytes(fitted):
    ticket = fitted.ticket_
    assert isinstance(ticket.bytes, bytes)
    assert slt.Ticket.from_bytes(ticket.bytes) == ticket
    lean = slt.Ticket.from_bytes(ticket.lean_bytes)
    assert len(ticket.lean_bytes) < len(ticket.bytes) / 4
    assert lean != ticket
    assert (lean.logits(ROWS) == ticket.logits(ROWS)).all()
    for damaged in (b"", b"SLTICKET", ticket.bytes[:-1], ticket.bytes + b"0", ticket.lean_bytes[:-1]):
        with pytest.raises(ValueError):
            slt.Ticket.from_bytes(damaged)


def test_copies(fitted):
    ticket = fitted.ticket_
    for again in (copy.deepcopy(ticket), pickle.loads(pickle.dumps(ticket))):
        assert again == ticket
        assert hash(again) == hash(ticket)


def test_predictions_agree(fitted):
    ticket = fitted.ticket_
    logits = ticket.logits(ROWS)
    assert (logits.dtype, logits.shape) == (np.float32, (150, 3))
    assert (ticket.predict(ROWS) == logits.argmax(axis=1)).all()
    exponentials = np.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(ticket.predict_proba(ROWS), exponentials / exponentials.sum(axis=1, keepdims=True))
    assert ticket.predict_proba(ROWS[:0]).shape == (0, 3)
    for rows, message in [(ROWS[:, :2], "2"), (np.full_like(ROWS, np.nan), "is missing")]:
        with pytest.raises(ValueError, match=message):
            ticket.predict(rows)


@pytest.mark.parametrize("lean", [False, True])
def test_files(fitted, tmp_path, lean):
    path = tmp_path / "t.slt"
    fitted.save(path, lean=lean)
    assert path.read_bytes() == (fitted.ticket_.lean_bytes if lean else fitted.ticket_.bytes)
    loaded = slt.TicketClassifier.load(str(path))
    assert loaded.hidden == (10, 5)
    assert (loaded.decision_function(X) == fitted.decision_function(X)).all()
    assert list(loaded.classes_) == ([0, 1, 2] if lean else ["a", "b", "c"])
    # What was loaded can be searched for again.
    assert loaded.set_params(flips=3000, random_state=3).fit(X, Y).score(X, Y) > 0.7


@needs_binary
def test_a_lean_file_takes_columns_by_position(tmp_path):
    """Its labels may have been in any column of the file that it was made on."""
    table = pd.DataFrame({"kind": Y, **{f"column {i}": X[:, i] for i in range(X.shape[1])}})
    table.to_csv(tmp_path / "data.csv", index=False)

    def run(*call):
        subprocess.run([binary, *call, "--quiet"], check=True, stdout=subprocess.DEVNULL, cwd=tmp_path)

    run("search", "--data", "data.csv", "--target", "kind", "--hidden", "5", "--flips", "500", "--out", "full.slt")
    run("convert", "full.slt", "--to", "lean", "--out", "lean.slt")
    full, lean = (slt.TicketClassifier.load(tmp_path / f"{name}.slt") for name in ("full", "lean"))
    assert list(full.feature_names_in_) == list(table.columns[1:])
    assert not hasattr(lean, "feature_names_in_")
    rows = table.drop(columns="kind")
    assert (lean.decision_function(rows.to_numpy()) == full.decision_function(rows)).all()
    with pytest.warns(UserWarning, match="fitted without feature names"):
        assert (lean.predict(rows) == full.predict(rows)).all()
    with pytest.raises(ValueError, match="X has 5 features"):
        lean.predict(table.to_numpy())


def test_files_that_are_not_there(fitted, tmp_path):
    with pytest.raises(FileNotFoundError, match="none.slt"):
        slt.TicketClassifier.load(tmp_path / "none.slt")
    with pytest.raises(OSError, match="does not exist"):
        fitted.save(tmp_path / "none" / "t.slt")
    (tmp_path / "text.slt").write_text("text")
    with pytest.raises(ValueError):
        slt.Ticket.load(tmp_path / "text.slt")


@pytest.mark.parametrize("labels", [["a", "b", "c"], [-1, 0, 5]])
def test_onnx(labels, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    fitted = slt.TicketClassifier((10, 5), flips=3000, random_state=3).fit(X, np.array(labels)[Y])
    fitted.export_onnx(tmp_path / "t.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "t.onnx")
    label, logits = session.run(["label", "logits"], {"features": ROWS})
    assert (np.asarray(label).ravel() == fitted.predict(X)).all()
    np.testing.assert_allclose(logits, fitted.decision_function(X), rtol=1e-4, atol=1e-4)


def test_other_formats(fitted, tmp_path):
    ticket = fitted.ticket_
    assert "int slt_predict(const float features[SLT_FEATURES])" in ticket.export("c", ROWS)
    assert "pub fn predict" in ticket.export("rust")
    assert ticket.export("json").startswith("{")
    assert ticket.export("safetensors")[8:9] == b"{"
    ticket.export_to(tmp_path / "t.json", "json")
    assert (tmp_path / "t.json").read_text() == ticket.export("json")
    with pytest.raises(ValueError, match="it must be onnx, safetensors, json, c or rust"):
        ticket.export("pdf")
