"""What a list costs, counted in database commands: the same however much is stored."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask

from bench.seed import RARE_DOMAIN, RARE_WORD, stock
from dashboard.documents import connection, schema
from dashboard.documents.analysis import Analysis, select
from dashboard.documents.connection import now
from dashboard.documents.counters import WANTED_ROWS, histogram
from tests import factories
from tests.browser import Browser

pytestmark = pytest.mark.timeout(240)

FEW, MANY = 80, 640
ACCESS = {"persistent_sessions", "users"}
LIST = "/analyses"
NEXT = re.compile(r'href="([^"]*[?&;]after=[^"]+)"')
ROW = re.compile(r'id="a-([0-9a-f]{24})"')


def wipe_rows() -> None:
    for name in ("email_analyses", "daily_counters"):
        connection.database()[name].delete_many({})


def wipe() -> None:
    for name in schema.names():
        connection.database()[name].delete_many({})
    histogram.forget()


@pytest.fixture(scope="module", autouse=True)
def _clean(app: Flask) -> Iterator[None]:
    """What tests leave for each other is gone at the end."""
    yield
    wipe()


@pytest.fixture
def reader(app: Flask) -> Browser:
    """A browser in which an analyst reads the many, stored once for several tests."""
    rows = connection.database()["email_analyses"]
    if rows.count_documents({}) != MANY:
        wipe()
        stock(MANY, now())
    # What reading the counters costs twice a minute is not the list's.
    histogram.forget()
    histogram.total("status:done")
    return factories.signed_in(app, "analyst")


# Who stores other rows than the many comes last: they are stored once for the rest.
alone = pytest.mark.ends


@pytest.fixture
def newcomer(app: Flask, database: None) -> Browser:
    """A browser in which an analyst reads what the test stores."""
    wipe()
    return factories.signed_in(app, "analyst")


def commands(browser: Browser, path: str) -> list[str]:
    """The collections that one request asks for, in order."""
    asked: list[str] = []
    stop = connection.monitor.observe(lambda _name, target: asked.append(target))
    try:
        browser.get(path)
    finally:
        stop()
    return asked


def listed(asked: list[str]) -> int:
    return sum(name not in ACCESS for name in asked)


def deep(browser: Browser, pages: int, path: str = LIST) -> str:
    """The address of the page after so many."""
    for _ in range(pages):
        browser.get(path)
        found = NEXT.search(browser.response.text)
        assert found, path
        path = unescape(found[1])
    return path


def test_access_costs_two_commands(reader: Browser) -> None:
    asked = commands(reader, LIST)

    assert sum(name in ACCESS for name in asked) == 2


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"{LIST}?status=done", id="everything examined"),
        pytest.param(f"{LIST}?status=done&level=safe", id="the most common level"),
        pytest.param(f"{LIST}?status=done&level=critical", id="the worst level"),
        pytest.param(f"{LIST}?status=done&signal=auth-fail", id="a signal"),
        pytest.param(f"{LIST}?order=oldest", id="the oldest first"),
        pytest.param(f"{LIST}?order=oldest&level=safe", id="the oldest of a level"),
        pytest.param(f"{LIST}?order=oldest&signal=auth-fail", id="of a signal"),
    ],
)
def test_a_full_window_is_read_with_one_command(reader: Browser, path: str) -> None:
    assert commands(reader, path).count("email_analyses") == 1
    assert listed(commands(reader, path)) == 1


def test_whether_anything_newer_came_in_is_asked_with_one_command(
    reader: Browser,
) -> None:
    asked = []
    for _turn in range(3):
        stop = connection.monitor.observe(lambda _name, target: asked.append(target))
        Analysis.listed(select([]), size=1, after=None, at=now())
        stop()

    assert asked == ["email_analyses"] * 3


@pytest.mark.parametrize("path", [LIST, f"{LIST}?order=oldest"])
def test_a_deep_page_costs_what_the_first_one_costs(reader: Browser, path: str) -> None:
    path = f"{deep(reader, 21, path)}&status=done"

    assert listed(commands(reader, path)) == 1


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(LIST, id="everything, what waits included"),
        pytest.param(f"{LIST}?status=failed", id="a rare status"),
        pytest.param(f"{LIST}?from={RARE_DOMAIN}", id="a rare sender"),
        pytest.param(f"{LIST}?q=invoice", id="a common word"),
        pytest.param(f"{LIST}?q={RARE_WORD}", id="a rare word"),
        pytest.param(f"{LIST}?q=neverwritten", id="a word nobody wrote"),
        pytest.param(f"{LIST}?q=invoice+october&level=critical", id="several at once"),
        pytest.param(f"{LIST}?since=-7d", id="a week"),
        pytest.param(f"{LIST}?until=2001-01-01", id="nothing so old"),
    ],
)
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_no_list_costs_more_than_four_commands(
    reader: Browser, path: str, order: str
) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}order={order}"

    assert 1 <= listed(commands(reader, joined)) <= 4


@alone
def test_an_empty_database_costs_no_more(newcomer: Browser) -> None:
    histogram.total("status:done")

    assert listed(commands(newcomer, LIST)) == 1


@alone
def test_a_list_of_eight_times_as_many_costs_the_same(newcomer: Browser) -> None:
    queries = ("status=done", "status=done&level=critical", "order=oldest&level=safe")
    costs = []
    for count in (FEW, MANY):
        wipe_rows()
        stock(count, now())
        for query in queries:
            histogram.forget()
            histogram.total("status:done")
            costs.append(commands(newcomer, f"{LIST}?{query}&limit=10"))

    assert costs[:3] == costs[3:]
    assert [listed(asked) for asked in costs] == [1] * 6


@alone
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_rows_that_share_one_time_are_shown_once_each(
    newcomer: Browser, order: str
) -> None:
    stock(60, now())
    at = {"$set": {"received_at": now()}}
    connection.database()["email_analyses"].update_many({}, at)
    shown: list[str] = []

    path: str | None = f"{LIST}?order={order}"
    while path:
        assert listed(commands(newcomer, path)) <= 4
        shown += ROW.findall(newcomer.response.text)
        found = NEXT.search(newcomer.response.text)
        path = unescape(found[1]) if found else None

    assert len(shown) == len(set(shown)) == 60


def test_the_first_window_holds_a_page_and_hardly_more(reader: Browser) -> None:
    within = {"$gte": now() - histogram.first_window([], now()), "$lte": now()}

    rows = connection.database()["email_analyses"].count_documents(
        {"received_at": within}
    )

    assert 26 <= rows <= 2 * WANTED_ROWS
