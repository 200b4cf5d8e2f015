"""What a browser loads: little at the first page, hardly anything at later ones."""

from collections.abc import Iterator

import pytest
from flask import Flask

from bench.around import surround
from bench.seed import stock
from bench.visits import LISTS, PAGES
from bench.weight import BUDGET_FIRST, BUDGET_LATER, files, first_page, packed
from dashboard.documents import connection, pace, schema
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from tests import factories
from tests.browser import Browser
from tests.web.examined import examined

pytestmark = pytest.mark.timeout(240)

ROWS = 200
VISITS = LISTS | PAGES


@pytest.fixture(scope="module")
def reader(app: Flask) -> Iterator[Browser]:
    """A browser in which an administrator reads pages that are full."""
    stock(ROWS, now())
    surround(ROWS, now())
    histogram.forget()
    browser = factories.signed_in(app, "admin")
    browser.receipt = examined(browser.account)  # type: ignore[attr-defined]
    yield browser
    for name in schema.names():
        connection.database()[name].delete_many({})
    histogram.forget()
    pace.forget()


def body(browser: Browser, path: str) -> bytes:
    address = path.format(receipt=browser.receipt)  # type: ignore[attr-defined]
    with browser.client.get(address) as answer:  # a file is closed only when asked to
        assert answer.status_code == 200, path
        return bytes(answer.data)


@pytest.mark.parametrize("name", VISITS)
def test_no_page_is_heavy(reader: Browser, name: str) -> None:
    page = body(reader, VISITS[name].path)

    assert packed(page) < BUDGET_LATER
    assert first_page(page, lambda path: body(reader, path)) < BUDGET_FIRST


def test_styles_scripts_and_icons_are_counted(reader: Browser) -> None:
    page = body(reader, "/overview")

    named = " ".join(files(page, lambda path: body(reader, path)))

    for part in (
        "dashboard.min.css",
        "dashboard.min.js",
        "tabler.min.css",
        ".js",
        "icons.svg",
    ):
        assert part in named


def test_a_list_of_a_hundred_rows_is_no_heavy_page(reader: Browser) -> None:
    assert packed(body(reader, "/analyses?limit=100")) < BUDGET_LATER
