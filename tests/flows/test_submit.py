"""Handing in messages, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from tests import factories

pytestmark = pytest.mark.chromium

RECEIPT = re.compile(r"/analyses/[0-9a-f]{24}$")
DROP = """([names, texts]) => {
  const box = new DataTransfer();
  names.forEach((name, n) => box.items.add(new File([texts[n]], name)));
  document.getElementById("drop").dispatchEvent(
    new DragEvent("drop", { dataTransfer: box, bubbles: true, cancelable: true }));
}"""


def saved(folder, *messages):
    for count, raw in enumerate(messages):
        (folder / f"m{count}.eml").write_bytes(raw)
    return sorted(map(str, folder.glob("*.eml")))


def accepted():
    """How many messages the one who is signed in has handed in."""
    reader = stored()["users"].find_one({"role": "analyst"})
    rows = stored()["email_analyses"]
    return rows.count_documents({"user_id": str(reader["_id"])})


def count():
    return stored()["email_analyses"].count_documents({})


def test_many_files_leave_in_batches_and_each_is_answered(analyst_visit, tmp_path):
    many = [factories.eml(f"Message {n}") for n in range(25)]
    page = analyst_visit.open("/analyses/new")
    page.set_input_files("#messages", saved(tmp_path, *many, b"MZ\x90\x00" * 9))
    page.get_by_role("button", name="Submit files").click()

    expect(page.locator("#outcomes-sum")).to_have_text("25 accepted, 1 not accepted.")
    expect(page.locator("#outcomes .is-accepted a")).to_have_count(25)
    expect(page.locator("#outcomes .is-refused")).to_contain_text("Windows program")
    assert accepted() == 25
    assert analyst_visit.fits()


def test_one_file_leads_to_its_receipt(analyst_visit, tmp_path):
    page = analyst_visit.open("/analyses/new")
    page.set_input_files("#messages", saved(tmp_path, factories.eml()))
    page.get_by_role("button", name="Submit files").click()

    page.wait_for_url(RECEIPT)


def test_dropped_files_are_submitted(desk):
    page = desk.open("/analyses/new")
    texts = [factories.eml(f"Dropped {n}").decode() for n in range(2)]
    page.evaluate(DROP, [["a.eml", "<b>.eml"], texts])

    expect(page.locator("#outcomes .is-accepted")).to_have_count(2)
    expect(page.locator("#outcomes li").nth(1)).to_contain_text("<b>.eml")


def test_a_message_above_the_limit_is_not_even_sent(app, desk, tmp_path, monkeypatch):
    small = app.extensions["settings"].model_copy(update={"MAX_MESSAGE_BYTES": 2000})
    monkeypatch.setitem(app.extensions, "settings", small)
    page = desk.open("/analyses/new")
    files = saved(tmp_path, factories.eml(body="x" * 3000), factories.eml())
    page.set_input_files("#messages", files)
    page.get_by_role("button", name="Submit files").click()

    expect(page.locator("#outcomes-sum")).to_have_text("1 accepted, 1 not accepted.")
    expect(page.locator("#outcomes .is-refused")).to_contain_text("larger than")


def test_an_unanswered_batch_is_sent_again(desk, tmp_path):
    desk.expected = ("net::", "Failed to load")
    page = desk.open("/analyses/new")
    failures = iter([True])
    page.route(
        "**/analyses",
        lambda route: route.abort() if next(failures, False) else route.continue_(),
    )
    two = factories.eml("First"), factories.eml("Second")
    page.set_input_files("#messages", saved(tmp_path, *two))
    page.get_by_role("button", name="Submit files").click()

    expect(page.locator("#outcomes .is-accepted")).to_have_count(2)


def test_whoever_was_signed_out_is_told_so(desk, tmp_path):
    desk.expected = ("401",)
    page = desk.open("/analyses/new")
    stored()["persistent_sessions"].update_many({}, {"$set": {"active": False}})
    page.set_input_files("#messages", saved(tmp_path, factories.eml()))
    page.get_by_role("button", name="Submit files").click()

    expect(page.locator("#outcomes .is-refused")).to_contain_text("signed out")
    assert count() == 0


def test_a_pasted_source_leads_to_its_receipt(analyst_visit):
    page = analyst_visit.open("/analyses/new")
    page.fill("#source", factories.eml("Pasted").decode())
    page.get_by_role("button", name="Submit source").click()

    page.wait_for_url(RECEIPT)


def test_it_works_without_a_script(visitor, tmp_path):
    visit = visitor(script=False)
    visit.sign_in("viewer")
    page = visit.open("/analyses/new")
    page.set_input_files(
        "#messages", saved(tmp_path, factories.eml(), b"MZ\x90\x00" * 9)
    )
    page.get_by_role("button", name="Submit files").click()

    expect(page.locator("#outcomes li")).to_have_count(2)
    expect(page.locator("#outcomes .is-refused")).to_contain_text("Windows program")
