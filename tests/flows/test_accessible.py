"""Every page is one that people who do not see it well, or at all, can use."""

from datetime import timedelta
from io import BytesIO

import pytest
from bson import ObjectId

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat
from dashboard.domain.organisation import Field
from dashboard.services import (
    accounts,
    exports,
    indicators,
    previews,
    unpacking,
    uploads,
)
from dashboard.services.audit import Actor, Event, changes, record
from dashboard.services.exports import Format, Order
from dashboard.services.indicators import Told
from dashboard.services.uploads import Given, Limits
from tests import factories
from tests.containers import archive
from tests.factories import eml, examined
from tests.web import examined as engine

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]
RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
NO_PAGES = ("/api/", "/health", "/static/", "/login", "/first/")


@pytest.fixture(scope="module")
def axe(pytestconfig, served, address):
    """The address of axe-core, which `make static` installs with the other packages.

    A browser that is served a script translates it once, and not for every page.
    """
    source = pytestconfig.rootpath / "node_modules/axe-core/axe.min.js"
    served.kept["/axe.js"] = (source.read_bytes(), "text/javascript; charset=utf-8")
    return f"{address}/axe.js"


@pytest.fixture
def paths(app, database):
    """The path of every page that needs no name of a thing in it."""
    for count in range(3):
        examined(subject=f"Plain {count}", received_at=now() - timedelta(hours=count))
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    found = sorted({rule.rule for rule in rules if not rule.arguments})
    return [path for path in found if not path.startswith(NO_PAGES)]


def faults(page, axe):
    """What axe-core finds on a page by day, and in its colours by night, in lines."""
    page.add_script_tag(url=axe)
    found = page.evaluate(RUN, RULES)["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(RUN, COLOURS)["violations"]
    page.emulate_media(color_scheme="light")
    return [
        f"{page.url}: {each['id']}: {node['html'][:120]}"
        for each in found
        for node in each["nodes"]
    ]


def is_page(answer):
    return answer is not None and "html" in answer.headers.get("content-type", "")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_page_has_a_fault(visitor, paths, axe, size):
    visit = visitor(size)
    visit.sign_in("admin")
    found, seen = [], 0
    for path in paths:
        if is_page(visit.page.goto(visit.address + path)):
            seen += 1
            found += faults(visit.page, axe)
            detail = visit.page.locator("main table a.pn-open").first
            if detail.count():
                visit.open(detail.get_attribute("href"))
                found += faults(visit.page, axe)

    assert seen >= 3
    assert found == []


LIMITS = Limits(1_000_000, 10_000_000)
TOLD = Told(Threat.PHISHING, Level.HIGH, 0.9, "desk", "Twice.", ("a",), {"case": "1"})


def container(who, files, name):
    """The page of an archive somebody handed in, unpacked as far as it can be."""
    given = Given(BytesIO(archive(files)), "upload", name)
    opened = uploads.take_in(given, who, LIMITS)
    unpacking.unpack(opened.upload_id, LIMITS)
    return f"/uploads/{opened.upload_id}"


def tried_out(who):
    """The page of a preview that a message would change by."""
    preview = previews.begin(dict.fromkeys(Field, ()), who, version=0)
    changed = {"before": "high", "after": "", "gained": ["auth-fail"], "lost": ["x"]}
    told = {"state": "done", "changed": [{**changed, "id": ObjectId(examined())}]}
    stored()["previews"].update_one({"_id": preview}, {"$set": told})
    return f"/settings/organisation/previews/{preview}"


def things(account):
    """The pages of one thing each, in the states their lists do not begin with."""
    who = Actor(account.username, account.id, "192.0.2.7", "Browser/1", "req_1")
    engine.examined(factories.account("analyst"))  # met indicators nobody has rated
    met = stored()["threat_intelligence"].find_one({"source": "analysis"})["_id"]
    added = indicators.add(Kind.DOMAIN, "evil.test", TOLD, who)
    yield from (f"/indicators/{met}", f"/indicators/{added}", f"/indicators/{met}/edit")
    yield container(who, {"a.exe": b"MZ\x90\x00" * 9, "b.eml": eml()}, "two.zip")
    yield container(who, {"a.exe": b"MZ\x90\x00" * 9}, "none.zip")
    for state in ("running", "done", "failed"):
        order = Order("indicators", Format.CSV, (), BEGINNING, now())
        export = exports.begin(order, who)
        told = {"state": state, "slot": str(export)}
        stored()["exports"].update_one({"_id": export}, {"$set": told})
        yield f"/exports/{export}"
    yield tried_out(who)
    inactive = factories.account("viewer", is_active=False)
    invited = factories.account("viewer", is_active=False, invited_at=now())
    yield from (f"/users/{each.id}" for each in (account, inactive, invited))
    told = {"changes": changes({"role": "viewer"}, {"role": "analyst"})}
    record(Event.ROLE_CHANGED, who, of=("account", account.id), metadata=told)
    record(Event.TRAIL_READ, who, of=("list", "audit"), metadata={"filter": "who:me"})
    actions = [Event.ROLE_CHANGED, Event.TRAIL_READ]
    events = stored()["audit_logs"].find({"action": {"$in": actions}})
    yield from (f"/audit/{event['_id']}" for event in events)


def test_no_page_of_one_thing_has_a_fault(visitor, axe):
    visit = visitor("phone")
    pages = list(things(visit.sign_in("admin")))
    found = []
    for path in pages:
        assert is_page(visit.page.goto(visit.address + path)), path
        assert visit.page.url.endswith(path)
        found += faults(visit.page, axe)

    assert len(pages) == 14
    assert found == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_choosing_messages_has_no_fault(visitor, paths, axe, size):
    examined(status="running", subject="Busy", received_at=now())
    visit = visitor(size)
    visit.sign_in("admin")
    page, found = visit.open("/analyses"), []
    for box in page.locator("#rows tbody input[name=id]").all():
        box.check()
    page.locator("#judge summary").click()
    found += faults(page, axe)
    page.locator("#judge summary").click()
    for button in ("Delete", "Analyse again"):
        visit.open("/analyses")
        for box in page.locator("#rows tbody input[name=id]").all():
            box.check()
        page.locator(".pn-bulk").get_by_role("button", name=button).click()
        page.wait_for_url("**/chosen/*")
        found += faults(page, axe)

    assert found == []


def test_no_page_of_a_stranger_has_a_fault(visitor, axe):
    visit = visitor("phone")
    visit.expected = ("404", "422")
    found = []
    for path in (f"/first/{accounts.new_first_link()}", "/login", "/no-such-page"):
        visit.open(path)
        found += faults(visit.page, axe)
    visit.open("/login").fill("[name=login]", "nobody")
    visit.page.fill("[name=password]", "wrong horse")
    visit.page.click("button[type=submit]")
    visit.page.wait_for_selector("[role=alert]")
    found += faults(visit.page, axe)

    assert found == []


def test_no_page_of_an_invitation_has_a_fault(visitor, axe):
    visit = visitor("phone")
    visit.sign_in("admin")
    page = visit.open("/users/new")
    page.fill("[name=username]", "ada")
    page.fill("[name=email]", "ada@example.org")
    page.click("main button[type=submit]")
    link = page.locator("#link").input_value()
    found = faults(page, axe)
    page.context.clear_cookies()
    page.goto(link)
    found += faults(page, axe)

    assert found == []
