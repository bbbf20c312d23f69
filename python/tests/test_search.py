"""Searches: every algorithm, budgets, interruptions, progress."""

import contextlib
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
import slt
from slt import _slt
from sklearn.datasets import load_iris

X, Y = load_iris(return_X_y=True)

#: Has no end of its own.
ENDLESS = {"algorithm": "heavy-tailed", "hidden": 10, "random_state": 1, "evaluations": 2**60}


@pytest.mark.parametrize("algorithm", _slt.ALGORITHMS)
def test_every_algorithm(algorithm):
    parameters = {"evaluations": 3000} if algorithm not in ("ga", "ga-ab") else {}
    fitted = slt.TicketClassifier(10, algorithm, random_state=1, **parameters).fit(X, Y)
    # With so little work some are hardly better than guessing.
    assert fitted.score(X, Y) > 0.4
    assert fitted.ticket_.provenance["algorithm"] == algorithm
    assert fitted.search_["evaluations"] > 0
    again = slt.TicketClassifier(10, algorithm, random_state=1, n_jobs=2, **parameters).fit(X, Y)
    assert again.ticket_.bytes == fitted.ticket_.bytes


def test_a_price_makes_it_sparser():
    free, dear = (
        slt.TicketClassifier(20, flips=5000, price=price, random_state=1).fit(X, Y) for price in (None, 1e-2)
    )
    assert dear.ticket_.sparsity > free.ticket_.sparsity + 0.2


def test_a_metric_judges():
    # Nine of ten are of class 0.
    rows = np.flatnonzero((Y == 2) | (np.arange(150) % 5 == 0) & (Y == 1))
    fits = {
        metric: slt.TicketClassifier(10, metric=metric, flips=2000, random_state=1).fit(X[rows], Y[rows])
        for metric in ("accuracy", "matthews-correlation")
    }
    performances = {metric: fitted.search_["performance"] for metric, fitted in fits.items()}
    labels, predicted = Y[rows], fits["matthews-correlation"].predict(X[rows])
    assert performances["matthews-correlation"] == pytest.approx(np.corrcoef(labels, predicted)[0, 1])
    assert performances["accuracy"] == pytest.approx(fits["accuracy"].score(X[rows], Y[rows]))


def test_the_best_of_several_seeds_is_kept():
    parameters = {"hidden": 6, "algorithm": "descent", "objective": "accuracy"}
    best = slt.TicketClassifier(random_state=5, seeds=4, **parameters).fit(X, Y)
    alone = [slt.TicketClassifier(random_state=seed, **parameters).fit(X, Y) for seed in range(5, 9)]
    performances = [fitted.search_["performance"] for fitted in alone]
    assert best.search_["performances"] == list(zip(range(5, 9), performances))
    assert "performances" not in alone[0].search_
    # Of equal ones the sparsest, of those the first.
    kept = max(alone, key=lambda fitted: (fitted.search_["performance"], fitted.ticket_.sparsity))
    assert best.ticket_.bytes == kept.ticket_.bytes
    assert {**best.search_, "performances": None} == {**kept.search_, "performances": None}
    assert (best.seed_, best.ticket_.seed) == (5, kept.seed_)


def test_several_seeds_share_the_time():
    fitted = slt.TicketClassifier(**{**ENDLESS, "time": 0.2, "evaluations": None, "seeds": 3}).fit(X, Y)
    assert [seed for seed, _ in fitted.search_["performances"]] == [1, 2, 3]


def test_progress_of_several_seeds_never_goes_back(monkeypatch):
    shares = []

    @contextlib.contextmanager
    def progress(wanted, what):
        yield lambda done, *_: shares.append(done)

    monkeypatch.setattr(slt._estimators, "progress", progress)
    slt.TicketClassifier(20, "anneal", random_state=1, seeds=3, flips=20_000).fit(X, Y)
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)


def test_a_signed_ticket_inverts_weights():
    fitted = slt.TicketClassifier(10, "unit-descent", random_state=1, signed=True).fit(X, Y)
    ticket = fitted.ticket_
    assert ticket.inverted.any() and not (ticket.inverted & ~ticket.mask).any()
    assert fitted.score(X, Y) > 0.8
    for other in (slt.Ticket.from_bytes(ticket.bytes), slt.Ticket.from_bytes(ticket.lean_bytes)):
        assert (other.inverted == ticket.inverted).all()
        assert (other.logits(X.astype(np.float32)) == ticket.logits(X.astype(np.float32))).all()
    strict = slt.TicketClassifier(10, "unit-descent", random_state=1).fit(X, Y).ticket_
    assert strict.inverted.shape == strict.mask.shape and not strict.inverted.any()


def test_time_ends_a_search():
    fitted = slt.TicketClassifier(**{**ENDLESS, "time": 0.05, "evaluations": None}).fit(X, Y)
    assert fitted.search_["stop_reason"] == "interrupted"
    assert fitted.score(X, Y) > 1 / 3


def test_evaluations_end_a_search():
    fitted = slt.TicketClassifier(**{**ENDLESS, "evaluations": 500}).fit(X, Y)
    assert fitted.search_["evaluations"] >= 500


def interrupted(program: str) -> str:
    """What a program says that gets a SIGINT when it has said that it goes on."""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "going\n"
    process.send_signal(signal.SIGINT)
    # It has no other end.
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to other processes")
@pytest.mark.parametrize(
    "call",
    [
        f"slt.TicketClassifier(**{ENDLESS!r}, verbose=True).fit(X, y)",
        "slt.TicketClassifier(200, 'ga', verbose=True).fit(np.tile(X, (2000, 1)), np.tile(y, 2000))",
        "slt.EdgePopupClassifier(50, epochs=10**6, verbose=True).fit(X, y)",
        "slt.optimize.anneal(objective, 10, flips=2**60)",
        "slt.optimize.genetic_algorithm(objective, 10, patience=None, max_generations=2**40)",
        "slt.optimize.anneal(np.sum, 10, flips=2**60, verbose=True)",
    ],
)
def test_interrupts(call):
    program = f"""
import contextlib
import numpy as np, slt
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
said = []
def say(*_):
    if not said:
        said.append(print("going", flush=True))
def objective(mask):
    say()
    return mask.sum()
@contextlib.contextmanager
def progress(wanted, what):
    yield say if wanted else None
slt._estimators.progress = slt.optimize.progress = progress
try:
    {call}
except KeyboardInterrupt:
    print("interrupted")
# Everything still works.
print(slt.TicketClassifier(10, flips=500, random_state=1).fit(X, y).score(X, y) > 0.7)
"""
    assert interrupted(program) == "interrupted\nTrue\n"


def test_other_threads_go_on_meanwhile(monkeypatch):
    """A search that another thread has to end: with the interpreter's lock held, it could not."""

    class Enough(Exception):
        pass

    going, enough, ends = threading.Event(), threading.Event(), []

    def show(*_):
        going.set()
        if enough.is_set():
            raise Enough

    def search():
        samples = {"features": X.astype(np.float32), "labels": Y, "columns": None, "classes": None}
        network = {"hidden": [10], "weights": "uniform", "biases": "uniform", "keep": 0.5, "seed": 1}
        asked = dict.fromkeys(("objective", "price", "flips", "hold_out", "population", "seeds", "time"))
        asked |= {"algorithm": "heavy-tailed", "metric": "accuracy", "evaluations": 2**60, "shifts": 0, "signed": False}
        try:
            _slt.search({**samples, "scaling": "standard"}, network, asked, 1, show)
        except Enough as end:
            ends.append(end)

    thread = threading.Thread(target=search)
    thread.start()
    assert going.wait(60)
    enough.set()
    thread.join(60)
    assert len(ends) == 1


def test_progress_is_shown(capfd):
    pytest.importorskip("tqdm")
    slt.TicketClassifier(10, flips=2000, random_state=1, verbose=True).fit(X, Y)
    assert "memetic" in capfd.readouterr().err
    slt.TicketClassifier(10, flips=2000, random_state=1).fit(X, Y)
    assert capfd.readouterr().err == ""


def test_no_progress_without_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert slt.TicketClassifier(10, flips=500, random_state=1, verbose=True).fit(X, Y).score(X, Y) > 0.7
