"""What a page costs the database: a few commands, however many rows it shows."""

from contextlib import contextmanager

import pytest

from dashboard.documents import connection
from dashboard.documents.counters import histogram
from tests import factories

ACCESS = {"persistent_sessions", "users"}


@contextmanager
def counting():
    """The collections asked by the block, one entry a command."""
    asked = []
    stop = connection.monitor.observe(lambda _name, target: asked.append(target))
    try:
        yield asked
    finally:
        stop()


@pytest.fixture
def many(analyst):
    """Sixty analyses, and a histogram that has heard of them."""
    made = [factories.examined(analyst.account) for _ in range(60)]
    histogram.forget()
    analyst.get("/analyses")
    return made


def test_access_is_at_most_two_commands(analyst):
    with counting() as asked:
        analyst.get("/analyses/new")

    assert len(asked) <= 2
    assert set(asked) <= ACCESS


def test_a_full_list_is_one_command_beside_access(analyst, many):
    with counting() as asked:
        page = analyst.get("/analyses?limit=50")

    assert len(page.select("tbody tr[id^='a-']")) == 50
    assert len([name for name in asked if name not in ACCESS]) == 1


@pytest.mark.parametrize(
    "query", ["q=lunch", "level=critical", "signal=reply-to-mismatch", "until=-1d"]
)
def test_a_narrowed_list_is_at_most_four(analyst, many, query):
    with counting() as asked:
        analyst.get(f"/analyses?{query}")

    assert len([name for name in asked if name not in ACCESS]) <= 4


def test_a_list_costs_the_same_for_one_row_and_for_many(analyst, many):
    counts = []
    for limit in (10, 50):
        with counting() as asked:
            analyst.get(f"/analyses?limit={limit}")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_one_analysis_is_a_few_commands(analyst, many):
    with counting() as asked:
        analyst.client.get(f"/analyses/{many[0]}")

    assert len(asked) <= 8
