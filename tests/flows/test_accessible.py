"""Every page is one that people who do not see it well, or at all, can use."""

from datetime import timedelta

import pytest

from dashboard.documents.connection import now
from tests.factories import examined

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]
RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
NO_PAGES = ("/api/", "/health", "/static/", "/login", "/first/")


@pytest.fixture(scope="module")
def axe(pytestconfig):
    """The source of axe-core, which `make static` installs with the other packages."""
    return (pytestconfig.rootpath / "node_modules/axe-core/axe.min.js").read_text()


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
    page.evaluate(axe)
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


def test_the_way_in_has_no_fault(visitor, axe):
    visit = visitor("phone")
    visit.open("/login")

    assert faults(visit.page, axe) == []
