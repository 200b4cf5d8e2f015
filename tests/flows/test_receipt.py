"""Reading a receipt in a real browser, with and without script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database, now
from tests import factories
from tests.web import hostile
from tests.web.examined import SMUGGLER, examined, run, stored

VERDICT = "#you .pn-verdict"
OVER = "it => it.scrollWidth - it.clientWidth"  # what does not fit in its width


def receipt(visit, raw="paypal-spoof-forged-results.eml"):
    """Open the receipt of an examined message as an analyst."""
    account = visit.sign_in()
    return visit.open(f"/analyses/{examined(account, raw)}")


def card(page, words):
    return page.locator(".pn-finding").filter(has_text=words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("words", "pane"),
    [
        ("Puts pressure", "#p-text"),
        ("Link text differs", "#p-links"),
        ("Forged authentication", "#p-headers"),
    ],
)
def test_choosing_a_finding_shows_and_marks_its_place(visitor, script, words, pane):
    page = receipt(visitor(script=script))

    link = card(page, words).locator(".pn-place").first
    link.click()

    mark = page.locator(f"{link.get_attribute('href')}")
    expect(page.locator(pane)).to_be_visible()
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_css("outline-style", "solid")


def test_every_view_opens_without_script(visitor):
    page = receipt(visitor(script=False))

    for name in ("Headers", "Links", "Attachments", "Source", "Safe view", "Text"):
        page.locator(".pn-tabs").get_by_role("link", name=name).click()

        expect(page.locator(".pn-pane:visible")).to_have_count(1)


def test_keys_lead_to_findings_and_to_the_verdict(desk):
    page = receipt(desk)

    page.keyboard.press("2")
    expect(page.locator("#ev-2")).to_be_in_viewport()
    expect(page.locator(".pn-place[data-key='2']")).to_have_attribute(
        "aria-current", "true"
    )
    page.keyboard.press("v")

    expect(page.locator("#you input[value=phishing]")).to_be_focused()


def test_a_verdict_is_chosen_and_recorded_by_keyboard(desk):
    page = receipt(desk)

    page.keyboard.press("v")
    page.keyboard.press("Space")
    page.locator("#you textarea").fill("12 v: the results are forged.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(VERDICT)).to_have_text("Phishing")
    expect(page.locator(".pn-note")).to_have_text("12 v: the results are forged.")


def test_a_verdict_that_comes_second_keeps_what_was_typed(desk, visitor):
    page = receipt(desk)
    desk.expected = ("409",)
    other = visitor()
    other.sign_in()
    theirs = other.open(page.url.removeprefix(desk.address))
    theirs.locator("#you label", has_text="Unwanted").click()
    theirs.get_by_role("button", name="Record verdict").click()
    expect(theirs.locator(VERDICT)).to_have_text("Unwanted")

    page.locator("#you label", has_text="Phishing").click()
    page.locator("#you textarea").fill("Mine.")
    page.get_by_role("button", name="Record verdict").click()

    expect(page.locator("#you .alert")).to_contain_text("while you were reading")
    expect(page.locator("#you textarea")).to_have_value("Mine.")
    page.get_by_role("button", name="Record verdict").click()
    expect(page.locator(VERDICT)).to_have_text("Phishing")


def test_a_waiting_message_becomes_a_receipt_by_itself(visitor):
    visit = visitor()
    account = visit.sign_in()
    waiting = factories.submitted(account, name="lunch.eml")
    page = visit.open(f"/analyses/{waiting}")
    expect(page.get_by_text("No worker is running. Nothing is lost")).to_be_visible()

    run(waiting)

    expect(page.locator(".pn-level-lg")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Lunch on Friday")
    expect(page).to_have_title(re.compile("Lunch on Friday"))


def test_a_waiting_message_can_be_cancelled_and_analysed_after_all(visitor):
    visit = visitor()
    waiting = factories.submitted(visit.sign_in())
    page = visit.open(f"/analyses/{waiting}")

    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("took this message back")).to_be_visible()
    page.get_by_role("button", name="Analyse again").click()

    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    assert stored(waiting)["status"] == "pending"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_message_is_analysed_again_with_an_older_ruleset(visitor, size):
    visit = visitor(size)
    page = receipt(visit)
    older = page.locator("[name=ruleset] option:not([selected])").first
    version = older.get_attribute("value")
    page.get_by_label("Ruleset").select_option(version)
    page.get_by_role("button", name="Analyse again").click()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    run(page.url.rpartition("/")[2])

    said = page.get_by_text("chosen for this run, instead of")
    expect(said).to_be_visible()
    expect(page.locator(".pn-runs nav a").first).to_contain_text(version)
    assert visit.fits()


def test_polling_ends_with_the_receipt(visitor):
    page = receipt(visitor())
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.wait_for_timeout(1500)

    assert not [url for url in asked if "/analyses/" in url]


def test_an_attachment_comes_as_an_archive(visitor):
    page = receipt(visitor(), SMUGGLER)
    page.locator(".pn-tabs").get_by_role("link", name="Attachments").click()

    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as an archive").click()

    assert re.fullmatch(r"attachment-[0-9a-f]{16}\.zip", saved.value.suggested_filename)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("raw", [hostile.EVERY["breakout of a script"], SMUGGLER])
def test_nothing_makes_the_page_scroll_sideways(visitor, raw, dark):
    visit = visitor(dark=dark)
    page = receipt(visit, raw)

    for width in (360, 768, 1024, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        for pane in ("#p-text", "#p-headers", "#p-links", "#p-files", "#p-source"):
            page.evaluate("hash => { location.hash = hash }", pane)

            assert visit.fits(), (width, pane)


def test_prints_every_view_and_no_form(visitor):
    page = receipt(visitor())

    page.emulate_media(media="print")

    for shown in ("#p-text", "#p-headers", "#p-links", "#p-files", ".pn-footline"):
        expect(page.locator(shown)).to_be_visible()
    for left_out in (".pn-nav", ".pn-tabs", "#you form", "#p-safe"):
        expect(page.locator(left_out)).to_be_hidden()
    expect(page.get_by_text("Nobody had recorded a verdict")).to_be_visible()


@pytest.mark.parametrize("raw", hostile.EVERY.values(), ids=hostile.EVERY)
def test_a_hostile_message_does_nothing_in_the_browser(visitor, raw):
    """XSS-01 to -05, -09, -12: no dialog, no console message, no foreign request."""
    visit = visitor()
    account = visit.sign_in()
    url = f"/analyses/{examined(account, raw)}"
    for path in (f"{url}/safe", "/analyses?q=evil", f"{url}#p-safe"):
        page = visit.open(path)
    frame = page.frame_locator("iframe.pn-safe")

    expect(frame.locator("body")).to_be_attached()
    page.wait_for_timeout(200)  # for what would run late
    assert page.url.endswith(f"{url}#p-safe")


def test_a_worker_that_lives_is_not_called_away(visitor):
    visit = visitor()
    waiting = factories.submitted(visit.sign_in())
    seen = {"_id": "here", "at": now() + timedelta(minutes=1)}
    database()["worker_heartbeats"].insert_one(seen)

    page = visit.open(f"/analyses/{waiting}")

    expect(page.get_by_text("The message waits to be read.")).to_be_visible()


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_long_line_folds_where_a_phone_ends(visitor, kind):
    """In the frame no style may be given to it, so that its markup says where."""
    visit = visitor("phone")
    link = "https://www.example.net/" + "pathwithoutanend" * 14
    body = f"Please read this line to its end. {'Every word of it. ' * 20}{link}"
    headers = {"Content_Type": f"{kind}; charset=utf-8"}
    raw = factories.eml(body=body, **headers)
    page = visit.open(f"/analyses/{examined(visit.sign_in(), raw)}#p-safe")
    body = page.frame_locator("iframe.pn-safe").locator("body")

    expect(body).to_contain_text("pathwithoutanend")
    assert body.evaluate("it => it.ownerDocument.documentElement.clientWidth") < 390
    assert body.evaluate(OVER) <= 0
    page.get_by_role("link", name="Text", exact=True).click()
    assert page.locator("#p-text pre").first.evaluate(OVER) <= 0
    assert visit.fits()
