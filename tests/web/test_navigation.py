"""The side bar leads to what a reader may see, and to nothing else."""

import re

import pytest

from tests import factories

LINK = re.compile(r'class="pn-navitem[^"]*" href="([^"]+)"')


@pytest.mark.parametrize("role", ["viewer", "analyst", "auditor", "admin"])
def test_every_place_in_the_side_bar_opens(app, database, role):
    browser = factories.signed_in(app, role)
    start = "/health/detailed" if role == "auditor" else "/analyses"
    page = browser.client.get(start, headers={"Accept": "text/html"}).text

    for href in LINK.findall(page):
        if href.startswith("/"):
            assert browser.client.get(href).status_code == 200, href


def test_the_place_one_is_at_is_marked(analyst):
    page = analyst.client.get("/analyses").text

    assert page.count('aria-current="page"') == 1
