"""From when on a sender counts as known, and from when on as new."""

from datetime import date, timedelta

import pytest

from dashboard.domain.context import Context
from dashboard.domain.engine import examine
from dashboard.domain.history import History
from dashboard.domain.receipts import to_record
from tests.domain.detectors.mail import plain

DAY = date(2026, 11, 22)


def ago(days: int) -> date:
    return DAY - timedelta(days)


def history(**told):
    return History(DAY, **told)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({}, False, id="nothing on record"),
        pytest.param({"first_seen": ago(8), "days": 3}, True, id="over a week"),
        pytest.param({"first_seen": ago(7), "days": 3}, False, id="just a week"),
        pytest.param({"first_seen": ago(300), "days": 2}, False, id="on two days"),
        pytest.param({"answered": 1}, True, id="answered"),
        pytest.param({"answered": 1, "judged_bad": 1}, False, id="phishing since"),
        pytest.param(
            {"first_seen": ago(300), "days": 12, "judged_bad": 1},
            False,
            id="known for long and phishing since",
        ),
    ],
)
def test_a_sender_is_known(told, expected):
    assert history(**told).is_known is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({}, False, id="an empty record"),
        pytest.param({"since": ago(13)}, False, id="a young record"),
        pytest.param({"since": ago(14)}, True, id="a deep record"),
        pytest.param({"since": ago(99), "days": 1}, False, id="wrote before"),
        pytest.param({"since": ago(99), "answered": 1}, False, id="was written to"),
        pytest.param(
            {"since": ago(99), "is_domain_met": True}, False, id="a colleague wrote"
        ),
        pytest.param({"since": ago(99), "judged_bad": 1}, False, id="deceived before"),
    ],
)
def test_a_sender_is_new(told, expected):
    assert history(**told).is_first is expected


def test_is_kept_in_the_record():
    told = history(since=ago(40), held=("1@example.org",), days=4)
    kept = to_record(examine(plain(), context=Context(history=told)))["context"]

    assert kept["history"]["day"] == "2026-11-22"
    assert kept["history"]["since"] == "2026-10-13"
    assert kept["history"]["held"] == ["1@example.org"]
    assert (kept["history"]["days"], kept["history"]["first_seen"]) == (4, None)


def test_that_nobody_looked_is_kept_in_the_record():
    assert to_record(examine(plain()))["context"]["history"] is None


def test_an_empty_history_changes_no_verdict():
    without = examine(plain()).assessment
    with_it = examine(plain(), context=Context(history=history())).assessment

    assert (with_it.score, with_it.findings) == (without.score, without.findings)
    gone = {entry.check for entry in without.not_checked} - {
        entry.check for entry in with_it.not_checked
    }
    assert gone == {"sender-history"}
