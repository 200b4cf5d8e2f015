"""Handing in a mailbox or an archive, and watching what becomes of it, in a browser."""

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from dashboard.services import unpacking
from dashboard.services.uploads import Limits
from tests import factories
from tests.containers import archive, mbox
from tests.web import examined as engine

pytestmark = pytest.mark.chromium

PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
MESSAGES = 8
LIMITS = Limits(1_000_000, 10_000_000)


def hand_in(visit, folder, name, content):
    (folder / name).write_bytes(content)
    page = visit.open("/analyses/new")
    page.set_input_files("#messages", folder / name)
    page.get_by_role("button", name="Submit files").click()
    page.wait_for_url("**/uploads/*")
    return page


def unpack():
    unpacking.unpack(str(stored()["uploads"].find_one({})["_id"]), LIMITS)


@pytest.fixture
def slowly(monkeypatch):
    """A slice of unpacking is two entries."""
    monkeypatch.setattr(unpacking, "BATCH", 2)
    monkeypatch.setattr(unpacking, "SLICE_SECONDS", 0)


def test_a_mailbox_shows_how_far_it_is_until_it_is_unpacked(
    analyst_visit, tmp_path, slowly
):
    box = mbox(*(factories.eml(f"Message {n}") for n in range(MESSAGES)))
    page = hand_in(analyst_visit, tmp_path, "box.mbox", box)
    bar, state = page.get_by_role("progressbar"), page.locator("#how-far")
    expect(bar).to_have_js_property("value", 0)
    unpack()

    expect(state).to_have_text("Being unpacked")
    expect(bar).not_to_have_js_property("value", 0)
    while stored()["uploads"].find_one({})["state"] != "done":
        unpack()
    expect(state).to_have_text("Unpacked")
    expect(bar).to_have_count(0)
    expect(page.locator(".is-accepted a")).to_have_count(MESSAGES)
    assert analyst_visit.fits()


def test_each_refused_entry_says_why(analyst_visit, tmp_path):
    held = {"<b>run</b>.exe": PROGRAM, "good.eml": factories.eml("Lunch")}
    page = hand_in(analyst_visit, tmp_path, "two.zip", archive(held))
    unpack()

    refused = page.locator(".is-refused")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("<b>run</b>.exe")
    expect(refused).to_contain_text("a Windows program, not an e-mail message")
    said = "2 looked at: 1 accepted, 0 accepted before, 1 refused."
    expect(page.locator("#sheet [role=status]")).to_contain_text(said)
    assert analyst_visit.fits()


def test_a_message_leads_back_to_the_upload_it_came_in(desk, tmp_path):
    page = hand_in(desk, tmp_path, "box.mbox", mbox(factories.eml("Lunch")))
    address = page.url
    unpack()
    engine.run(str(stored()["email_analyses"].find_one({})["_id"]))

    expect(page.locator(".is-accepted .pn-level")).to_have_text("Clean")
    page.get_by_role("link", name="Lunch").click()
    page.get_by_role("link", name="The upload it came in").click()
    assert page.url == f"{address}?from=1"
    expect(page.get_by_role("link", name="Lunch")).to_be_visible()


def test_it_works_without_a_script(visitor, tmp_path):
    visit = visitor(script=False)
    visit.sign_in("viewer")
    page = hand_in(visit, tmp_path, "box.mbox", mbox(factories.eml("Lunch")))
    unpack()
    page.reload()

    expect(page.locator("#how-far")).to_have_text("Unpacked")
    expect(page.locator(".is-accepted a")).to_have_text("Message 1")


def test_the_list_can_be_taken_along_on_every_screen(analyst_visit, tmp_path):
    hand_in(analyst_visit, tmp_path, "mailbox.mbox", mbox(factories.eml()))
    unpack()
    page = analyst_visit.open("/uploads")
    page.locator("summary", has_text="Export").click()
    assert analyst_visit.fits()
    with page.expect_download() as saved:
        page.get_by_role("button", name="As CSV").click()

    assert "mailbox.mbox" in saved.value.path().read_text()
