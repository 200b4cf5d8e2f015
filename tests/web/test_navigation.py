"""The side bar leads to what a reader may see, and to nothing else."""

import re
from html import unescape
from urllib.parse import urljoin

import pytest

from dashboard.domain.permissions import Permission, Role
from tests import factories
from tests.web import examined as engine

LINK = re.compile(r'class="pn-navitem[^"]*" href="([^"]+)"')
HREF = re.compile(r'<a [^>]*href="([^"#]+)')


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


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("/analyses", "/analyses/new"),
        ("/analyses/{mine}/verdict", "/analyses"),
        ("/analyses/chosen/verdict", "/analyses"),
        ("/indicators", "/indicators"),
        ("/users", "/users"),
        ("/users/{me}", "/users"),
        ("/profile", None),
        ("/profile/password", None),
    ],
)
def test_the_place_of_a_form_that_is_shown_again_is_marked(admin, url, place):
    mine = factories.submitted(admin.account)
    url = url.format(mine=mine, me=admin.account.id)
    page = admin.post(url, status=422, data={"id": f"{mine}.1"})

    current = page.select_one(".pn-navitem[aria-current=page]")
    assert (current and current["href"]) == place


@pytest.mark.parametrize(
    ("role", "start"), [("viewer", "/overview"), ("auditor", "/audit")]
)
def test_the_front_door_leads_everybody_to_a_place_of_theirs(
    app, database, role, start
):
    browser = factories.signed_in(app, role)
    lost = browser.get("/no-such-page", status=404)
    (way_out,) = lost.select("main a.btn")
    assert way_out["href"] == browser.get(start).select_one(".pn-brand")["href"]

    browser.get(way_out["href"], status=303)
    assert browser.response.location == start


def test_nobody_is_at_the_sessions_of_all_while_looking_at_their_own(admin):
    assert admin.get("/sessions").select_one("[aria-current=page].pn-navitem") is None


def reached(browser, start="/", most=60):
    """The pages links lead to from a start, with how each was answered."""
    answers, waiting = {}, [start]
    while waiting and len(answers) < most:
        url = waiting.pop(0)
        if url in answers:
            continue
        answer = browser.client.get(url, headers={"Accept": "text/html"})
        answers[url] = answer.status_code
        found = [answer.location] if answer.location else HREF.findall(answer.text)
        waiting += [urljoin(url, unescape(link)) for link in found if link[0] in "/?"]
    return answers


@pytest.mark.parametrize("role", Role)
def test_no_link_leads_where_one_may_not_go(app, database, role):
    browser = factories.signed_in(app, role)
    engine.examined(factories.account("analyst"))
    if browser.account.may(Permission.SUBMIT_MESSAGES):
        engine.examined(browser.account)
    answers = reached(browser)

    assert len(answers) > 5
    assert {u: status for u, status in answers.items() if status >= 400} == {}
