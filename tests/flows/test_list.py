"""The list of analyses, in a browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from tests.factories import examined

pytestmark = pytest.mark.chromium

BAD = {"threat_level": "critical", "verdict": "malicious", "confidence_score": 0.97}
LONG = {
    "sender_name": "x" * 120,
    "sender": f"{'local' * 12}@{'sub.' * 12}example.com",
    "subject": "🔥 عرض جديد " + "word " * 40,
}


@pytest.fixture(autouse=True)
def _messages(database):
    histogram.forget()
    for count in range(4):
        at = now() - timedelta(minutes=count + 1)
        examined(subject=f"Plain {count}", received_at=at)
    examined(**BAD, subject="<img src=x onerror=alert(1)>", received_at=now())
    yield
    histogram.forget()


def subjects(page):
    return page.locator("#rows .pn-open").all_inner_texts()


def cursor(page):
    return page.locator("#rows .is-cursor .pn-open").inner_text()


def stays(page):
    """Mark the page, so that a test can tell whether it was loaded anew."""
    page.evaluate("window.marked = true")
    return lambda: page.evaluate("window.marked === true")


def test_a_typed_filter_narrows_the_list_in_place(analyst_visit):
    page = analyst_visit.open("/analyses")
    is_same = stays(page)
    page.fill("#filter", "level:malicious")
    page.keyboard.press("Enter")

    expect(page.locator(".pn-token")).to_have_text("level:malicious")
    assert len(subjects(page)) == 1
    assert is_same()
    assert page.url.endswith("/analyses?q=level%3Amalicious")
    assert analyst_visit.fits()


def test_a_token_removes_itself(analyst_visit):
    page = analyst_visit.open("/analyses?level=critical&q=img")
    page.get_by_label("Remove level:malicious").click()

    expect(page.locator(".pn-token")).to_have_count(1)
    assert page.url.endswith("/analyses?q=img")


def test_a_select_narrows_at_once_and_the_address_holds_no_empty_names(desk):
    page = desk.open("/analyses")
    page.select_option("#filter-level", "critical")

    expect(page.locator(".pn-token")).to_have_text("level:malicious")
    assert page.url.endswith("/analyses?level=critical")


def test_older_pages_and_the_way_back(analyst_visit):
    page = analyst_visit.open("/analyses?limit=2")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 1")
    page.go_back()

    expect(page.locator("#rows .pn-open").nth(1)).to_have_text("Plain 0")


def turn(visit):
    """Turn the list round, by the head of a column or by the button of a phone."""
    visit.page.locator("#sort, .pn-filter > a").locator("visible=true").click()


def test_the_oldest_come_first_for_whoever_asks(analyst_visit):
    page = analyst_visit.open("/analyses?limit=2")
    is_same = stays(page)
    turn(analyst_visit)
    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 3")
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 1")
    assert subjects(page) == ["Plain 1", "Plain 0"]
    page.fill("#filter", "plain")
    page.keyboard.press("Enter")
    expect(page.locator(".pn-token")).to_have_text("plain")
    assert (is_same(), analyst_visit.fits()) == (True, True)
    turn(analyst_visit)

    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 0")
    assert "order" not in page.url


def test_the_way_back_from_a_receipt_leads_to_the_list_as_it_was(analyst_visit):
    page = analyst_visit.open("/analyses?q=plain")
    turn(analyst_visit)
    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 3")
    page.locator("#rows .pn-open").nth(1).click()
    page.locator("[data-back]").click()

    expect(page.locator("#rows .pn-open").first).to_have_text("Plain 3")
    assert page.url.endswith("/analyses?q=plain&order=oldest")


def test_the_list_turns_round_without_a_script(visitor):
    visit = visitor(script=False)
    visit.sign_in("analyst")
    page = visit.open("/analyses")
    turn(visit)

    assert subjects(page)[0] == "Plain 3"
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Received")


def test_keys_walk_the_list_and_open_a_message(desk):
    page = desk.open("/analyses")
    for key in "jjjk":
        page.keyboard.press(key)
    assert cursor(page) == "Plain 0"
    page.keyboard.press("o")

    page.wait_for_url(re.compile(r"/analyses/[0-9a-f]{24}$"))


def test_keys_reach_the_filter_and_their_own_explanation(desk):
    page = desk.open("/analyses")
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("jo?")

    expect(page.locator("#filter")).to_have_value("jo?")


def test_a_waiting_message_turns_into_its_verdict_by_itself(analyst_visit):
    identity = examined(status="pending", subject="", sender="", file_name="w.eml")
    page = analyst_visit.open("/analyses")
    is_same = stays(page)
    page.fill("#filter", "half a thought")
    expect(page.locator(f"#a-{identity}")).to_contain_text("Waiting")
    done = {"status": "done", "subject": "Read now", "sender": "a@example.org"}
    stored()["email_analyses"].update_one({"subject": ""}, {"$set": done})

    expect(page.locator(f"#a-{identity}")).to_contain_text("Read now")
    expect(page.locator("#filter")).to_have_value("half a thought")
    expect(page.locator("#rows [hx-trigger]")).to_have_count(0)
    assert is_same()


def test_the_place_in_the_list_outlives_a_refresh(desk):
    examined(status="pending", subject="", sender="", file_name="w.eml")
    page = desk.open("/analyses")
    for key in "jjj":
        page.keyboard.press(key)
    stored()["email_analyses"].update_one({"subject": ""}, {"$set": {"status": "done"}})
    expect(page.locator("#rows [hx-trigger]")).to_have_count(0)

    assert cursor(page) == "Plain 0"
    page.keyboard.press("j")
    assert cursor(page) == "Plain 1"


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1200, 1440, 2560])
def test_nothing_scrolls_sideways_whatever_a_sender_wrote(desk, width):
    examined(**LONG, received_at=now())
    desk.page.set_viewport_size({"width": width, "height": 900})
    page = desk.open("/analyses?q=level:low&limit=9")
    assert desk.fits()
    desk.open("/analyses")

    assert desk.fits()
    domain = page.locator("#rows .pn-addr b").first
    assert domain.evaluate("it => it.scrollWidth <= it.clientWidth + 1")


def test_it_works_without_a_script(visitor):
    visit = visitor(script=False)
    visit.sign_in()
    page = visit.open("/analyses?q=plain")
    page.fill("#filter", "level:clean 2")
    page.select_option("#filter-status", "done")
    page.get_by_role("button", name="Filter").click()

    told = page.locator(".pn-token").all_inner_texts()
    assert told == ["status:done", "level:clean", "plain"]
    assert "2 was left out" in page.locator(".alert").inner_text()


def test_every_part_is_reached_by_tab_and_shows_its_focus(desk):
    page = desk.open("/analyses")
    reached = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.className"))

    assert {"pn-navitem", "form-select", "btn", "pn-open pn-clip"} <= reached
