"""The end of a web process: said to monitors first, then carried out."""

import gc
import runpy
import signal

import pytest

from dashboard.web import lifecycle


@pytest.fixture
def told(app, monkeypatch):
    """What gunicorn's own handler heard; the signal is set back afterwards."""
    heard = []
    monkeypatch.setitem(app.extensions, "stopping", False)
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def served(root, monkeypatch):
    """How gunicorn is told to serve."""
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    return runpy.run_path(str(root / "gunicorn.conf.py"))


def test_a_signal_makes_the_process_not_ready_and_goes_on_to_the_server(
    app, client, told
):
    assert client.get("/health/ready").status_code == 200
    lifecycle._hear_the_end(app)
    signal.raise_signal(signal.SIGTERM)

    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    assert told == [signal.SIGTERM]


def test_requests_under_way_may_finish_and_the_end_is_bounded(served):
    assert 5 <= served["graceful_timeout"] <= 30
    assert served["worker_class"] == "gthread"


def test_a_view_that_blocks_loses_its_process_alone(served):
    assert 30 <= served["timeout"] <= 120


def test_one_process_serves_so_that_limits_are_counted_once(served):
    assert served["workers"] == 1


def test_what_a_process_is_built_of_is_never_looked_through_for_garbage():
    before = gc.get_threshold()
    try:
        lifecycle._tidy_seldom()

        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == (lifecycle.GARBAGE, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
