"""Clearing the queue: choosing messages by mouse, by keys, and without a script."""

import re
from datetime import timedelta

import pytest
from bson import ObjectId
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from tests.factories import examined

pytestmark = pytest.mark.chromium

# Whether a form goes on its way, asked for the first and for the second time.
TWICE = """() => {
  const form = document.getElementById("bulk");
  const told = { bubbles: true, cancelable: true };
  const send = () => form.dispatchEvent(new SubmitEvent("submit", told));
  return [send(), send()];
}"""


@pytest.fixture(autouse=True)
def _messages(database):
    histogram.forget()
    for count in range(5):
        at = now() - timedelta(minutes=count + 1)
        examined(subject=f"Plain {count}", received_at=at)
    yield
    histogram.forget()


def chosen(page):
    """The subjects of the rows that are chosen, from top to bottom."""
    rows = page.locator("#rows tbody tr:has(:checked) .pn-open")
    return rows.all_inner_texts()


def box(page, subject):
    return page.get_by_label(f"Choose: {subject}", exact=True)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def judged():
    rows = stored()["email_analyses"].find({"decision.verdict": "phishing"})
    return sorted(row["subject"] for row in rows)


def counted(page):
    """The number the stylesheet shows in the bar."""
    read = "getComputedStyle(document.querySelector('.pn-chosen'), '::before').content"
    return page.evaluate(read)


class TestBar:
    def test_is_there_while_something_is_chosen(self, analyst_visit):
        page = analyst_visit.open("/analyses")
        bar = page.locator(".pn-bulk")
        expect(bar).to_be_hidden()
        box(page, "Plain 1").click()
        expect(bar).to_be_visible()
        assert analyst_visit.fits()
        page.get_by_role("button", name="Choose none").click()

        expect(bar).to_be_hidden()

    def test_says_how_many_to_those_who_do_not_see_it(self, desk):
        page = desk.open("/analyses")
        box(page, "Plain 1").click()
        box(page, "Plain 3").click()
        expect(page.locator("#said")).to_have_text("2 chosen")
        assert "counter(chosen)" in counted(page)
        box(page, "Plain 1").click()

        expect(page.locator("#said")).to_have_text("1 chosen")

    def test_records_a_verdict_on_all_that_are_chosen(self, analyst_visit):
        page = analyst_visit.open("/analyses?q=plain")
        for subject in ("Plain 0", "Plain 4"):
            box(page, subject).click()
        page.locator("#judge summary").click()
        assert analyst_visit.fits()
        page.get_by_text("Phishing", exact=True).click()
        page.get_by_role("button", name="Record verdict").click()

        notice = page.locator("#notices .alert")
        expect(notice).to_have_text("Your verdict on 2 messages is recorded.")
        assert page.url.endswith("/analyses?q=plain")
        assert judged() == ["Plain 0", "Plain 4"]

    def test_has_room_above_it_on_a_list_of_one(self, analyst_visit):
        page = analyst_visit.open("/analyses?limit=1")
        box(page, "Plain 0").click()
        page.locator("#judge summary").click()
        top = page.locator(".pn-top").bounding_box()
        panel = page.locator("#judge .pn-panel").bounding_box()

        assert panel["y"] >= top["y"] + top["height"]
        assert analyst_visit.fits()

    def test_chooses_the_whole_page(self, desk):
        page = desk.open("/analyses")
        every = page.get_by_role("checkbox", name="Choose all on this page")
        box(page, "Plain 2").click()
        assert every.evaluate("it => it.indeterminate")
        every.click()
        assert len(chosen(page)) == 5
        every.click()

        assert chosen(page) == []

    def test_chooses_the_whole_page_on_a_phone(self, visitor):
        visit = visitor("phone")
        visit.sign_in()
        page = visit.open("/analyses")
        box(page, "Plain 2").click()
        page.get_by_role("button", name="Choose all on this page").click()

        assert len(chosen(page)) == 5

    def test_takes_the_chosen_along(self, desk):
        page = desk.open("/analyses")
        box(page, "Plain 2").click()
        page.locator(".pn-bulk summary", has_text="Export").click()
        with page.expect_download() as saved:
            page.locator(".pn-bulk").get_by_text("As CSV").click()

        text = saved.value.path().read_text()
        assert text.count("Plain") == 1

    def test_sends_once_what_is_clicked_twice(self, desk):
        page = desk.open("/analyses")

        assert page.evaluate(TWICE) == [True, False]

    def test_asks_before_it_deletes(self, visitor):
        visit = visitor()
        visit.sign_in("manager")
        page = visit.open("/analyses")
        box(page, "Plain 2").click()
        page.locator(".pn-bulk").get_by_role("button", name="Delete").click()
        page.get_by_label("Reason").fill("Sent by mistake.")
        page.get_by_role("button", name="Delete 1 analysis").click()

        expect(page.locator("#notices .alert")).to_have_text("1 analysis is deleted.")
        expect(page.locator("#rows .pn-open")).to_have_count(4)


class TestKeys:
    def test_choose_and_judge_without_a_mouse(self, desk):
        page = desk.open("/analyses")
        press(page, "j", "x", "j", "j", "x", "v", "Space", "Tab", "Tab", "Tab", "Enter")

        expect(page.locator("#notices .alert")).to_contain_text("2 messages")
        assert judged() == ["Plain 0", "Plain 2"]

    def test_choose_a_range_all_and_none(self, desk):
        page = desk.open("/analyses")
        press(page, "j", "j", "x", "j", "j", "Shift+X")
        assert chosen(page) == ["Plain 1", "Plain 2", "Plain 3"]
        press(page, "a")
        assert len(chosen(page)) == 5
        press(page, "Escape")

        assert chosen(page) == []

    def test_work_from_a_box_as_well(self, desk):
        page = desk.open("/analyses")
        box(page, "Plain 1").click()
        press(page, "j", "x")
        assert chosen(page) == ["Plain 1", "Plain 2"]
        box(page, "Plain 3").focus()
        press(page, "Enter")

        page.wait_for_url(re.compile(r"/analyses/[0-9a-f]{24}$"))

    def test_judge_the_row_at_the_cursor_when_none_is_chosen(self, desk):
        page = desk.open("/analyses")
        press(page, "j", "j", "v")
        assert chosen(page) == ["Plain 1"]
        expect(page.locator("#judge input").first).to_be_focused()
        press(page, "Escape")

        expect(page.locator("#judge summary")).to_be_focused()
        assert chosen(page) == ["Plain 1"]

    def test_are_text_in_a_field(self, desk):
        page = desk.open("/analyses")
        press(page, "j", "v")
        note = page.get_by_label("Note, kept in the audit trail")
        note.focus()
        page.keyboard.type("xajk?")

        expect(note).to_have_value("xajk?")
        assert len(chosen(page)) == 1

    def test_can_be_turned_off(self, desk):
        page = desk.open("/analyses")
        press(page, "?")
        page.get_by_label("Use these keys").click()
        page.reload()
        press(page, "j", "x")

        assert chosen(page) == []
        expect(page.locator("[data-keys]")).not_to_be_checked()
        page.evaluate("localStorage.clear()")  # for whoever sits down next


class TestRefresh:
    def test_keeps_what_is_chosen_and_what_is_typed(self, desk):
        waits = ObjectId(examined(status="pending", subject="", sender=""))
        page = desk.open("/analyses")
        press(page, "j", "j", "x", "v")
        page.get_by_label("Note, kept in the audit trail").fill("Half a thou")
        done = {"status": "done", "subject": "Read now", "sender": "a@example.org"}
        stored()["email_analyses"].update_one({"_id": waits}, {"$set": done})
        expect(page.locator(f"#a-{waits}")).to_contain_text("Read now")

        assert chosen(page) == ["Plain 0"]
        note = page.get_by_label("Note, kept in the audit trail")
        expect(note).to_have_value("Half a thou")
        expect(page.locator("#judge")).to_have_attribute("open", "")


class TestWithoutScript:
    def test_messages_are_chosen_counted_and_judged(self, visitor):
        visit = visitor(script=False)
        visit.sign_in()
        page = visit.open("/analyses")
        expect(page.locator("thead [data-choose]")).to_be_hidden()
        for subject in ("Plain 1", "Plain 2"):
            box(page, subject).check()
        page.locator("#judge summary").click()
        page.get_by_text("Phishing", exact=True).click()
        page.get_by_role("button", name="Record verdict").click()

        expect(page.locator("#notices .alert")).to_contain_text("2 messages")
        assert judged() == ["Plain 1", "Plain 2"]
