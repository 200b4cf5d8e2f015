"""Containers on the pages: handed in, watched while they are unpacked, listed."""

import csv
import io
from dataclasses import replace
from io import BytesIO

import pytest
from bson import ObjectId

from dashboard.documents.analysis import visible_to
from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import unpacking, uploads
from dashboard.services.audit import Actor
from dashboard.services.exports import Format, Order, written
from dashboard.services.uploads import Given, Limits
from tests import factories
from tests.containers import archive, mbox
from tests.web.test_costs import ACCESS, counting

LIMITS = Limits(1_000_000, 10_000_000)
JSON = {"Accept": "application/json"}
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


def hand_in(browser, content, name="box.mbox", **options):
    data = {"messages": [(BytesIO(content), name)]}
    return browser.post("/analyses", data=data, **options)


def address():
    return f"/uploads/{stored()['uploads'].find_one({})['_id']}"


def unpack():
    upload = stored()["uploads"].find_one({})
    unpacking.unpack(str(upload["_id"]), LIMITS)


def made(owner, mark):
    """An upload as it lies there once it is unpacked."""
    who = Actor(owner.username, owner.id)
    given = Given(BytesIO(mbox(factories.eml(mark))), "upload", f"{mark}.mbox")
    done = {"state": "done", "file_id": None}
    opened = uploads.take_in(given, who, LIMITS)
    stored()["uploads"].update_one({"_id": ObjectId(opened.upload_id)}, {"$set": done})


def outcomes(page):
    return [" ".join(row.text.split()) for row in page.select(".pn-outcomes li")]


class TestSubmitting:
    def test_a_mailbox_leads_to_its_page(self, analyst):
        hand_in(analyst, mbox(factories.eml()))

        assert analyst.response.location == address()

    def test_a_program_is_told_where_it_is(self, analyst):
        hand_in(analyst, mbox(factories.eml()), status=201, headers=JSON)
        told = analyst.response.get_json()["accepted"][0]

        assert told["url"] == address()
        assert told["is_new"] is True

    def test_several_are_listed_each_with_its_page(self, analyst):
        files = [(BytesIO(mbox(factories.eml())), "a.mbox"), (BytesIO(PROGRAM), "b")]
        page = analyst.post("/analyses", data={"messages": files}, status=200)

        assert page.select_one("#outcomes a")["href"] == address()
        assert "a Windows program" in outcomes(page)[1]

    def test_what_is_pasted_is_one_message(self, analyst):
        source = mbox(factories.eml()).decode()
        analyst.post("/analyses", data={"source": source})

        assert analyst.response.location.startswith("/analyses/")

    def test_a_container_may_be_larger_than_a_message(self, app, analyst, monkeypatch):
        small = {"MAX_MESSAGE_BYTES": 2000}
        settings = app.extensions["settings"].model_copy(update=small)
        monkeypatch.setitem(app.extensions, "settings", settings)
        hand_in(analyst, mbox(*(factories.eml() for _ in range(20))))

        assert analyst.response.location == address()

    def test_is_offered_beside_the_list_of_uploads(self, analyst):
        page = analyst.get("/analyses/new")

        assert page.select_one('main a[href="/uploads"]')
        assert ".mbox" in page.select_one("#messages")["accept"]


class TestPage:
    def test_follows_by_itself_while_it_waits(self, analyst):
        hand_in(analyst, mbox(factories.eml()))
        sheet = analyst.get(address()).select_one("#sheet")

        assert sheet["hx-get"] == f"{address()}?from=1"
        assert "Waits to be unpacked" in sheet.text

    def test_answers_304_while_nothing_changes(self, analyst):
        hand_in(analyst, mbox(factories.eml("a"), factories.eml("b")))
        analyst.get(address())
        known = {"If-None-Match": analyst.response.headers["ETag"]}
        analyst.get(address(), status=304, headers=known, htmx=True)
        unpack()

        analyst.get(address(), status=200, headers=known, htmx=True)

    def test_links_to_each_analysis_and_says_why_others_are_none(self, analyst):
        hand_in(analyst, archive({"a.exe": PROGRAM, "b.eml": factories.eml()}), "a.zip")
        unpack()
        page = analyst.get(address())
        identity = stored()["email_analyses"].find_one({})["_id"]

        assert outcomes(page)[0].startswith("a.exe This is a Windows program")
        found = page.select_one(".pn-outcomes .is-accepted a")
        assert found["href"] == f"/analyses/{identity}"
        assert "2 looked at: 1 accepted, 0 accepted before, 1 refused." in page.text

    def test_rests_once_everything_is_examined(self, analyst):
        hand_in(analyst, archive({"a.exe": PROGRAM}), "a.zip")
        unpack()

        assert not analyst.get(address()).select_one("#sheet").has_attr("hx-get")

    def test_shows_the_names_in_a_container_as_text(self, analyst):
        hand_in(analyst, archive({"<b>\u202efdp.exe": PROGRAM}), "<i>.zip")
        unpack()
        page = analyst.get(address())

        assert not page.select("main b, main i")
        assert "<b>[U+202E]fdp.exe" in outcomes(page)[0]

    def test_of_a_damaged_archive_says_why(self, analyst):
        hand_in(analyst, archive({"a.eml": factories.eml()})[:-30], "a.zip")
        unpack()

        assert "its list of files cannot be read" in analyst.get(address()).text

    def test_has_as_many_entries_as_fit_and_leads_on(self, analyst, monkeypatch):
        monkeypatch.setattr("dashboard.web.unpacked.PAGE_SIZE", 2)
        hand_in(analyst, archive({f"{n}.exe": PROGRAM for n in range(5)}), "a.zip")
        unpack()
        first = analyst.get(address())
        second = analyst.get(first.select_one("[rel=next]")["href"])

        assert [len(outcomes(p)) for p in (first, second)] == [2, 2]
        assert outcomes(second)[0].startswith("2.exe")

    @pytest.mark.parametrize("start", ["x", "-1", "9999999", "١"])
    def test_begins_at_no_place_that_is_no_number(self, analyst, start):
        hand_in(analyst, mbox(factories.eml()))

        analyst.get(f"{address()}?from={start}", status=404)

    def test_is_hidden_from_others_who_may_not_read_all(self, app, viewer, analyst):
        hand_in(viewer, mbox(factories.eml()))

        analyst.get(address())
        factories.signed_in(app, "viewer").get(address(), status=404)


class TestAnalysis:
    def test_leads_back_to_its_place_in_the_upload(self, analyst):
        hand_in(analyst, archive({"a.exe": PROGRAM, "b.eml": factories.eml()}), "a.zip")
        unpack()
        identity = stored()["email_analyses"].find_one({})["_id"]

        page = analyst.get(f"/analyses/{identity}")
        assert page.select_one(f'main a[href="{address()}?from=2"]')

    def test_that_came_by_itself_names_no_upload(self, analyst):
        waiting = factories.submitted(analyst.account)

        assert "/uploads/" not in analyst.get(f"/analyses/{waiting}").decode()


class TestList:
    def test_shows_what_was_handed_in(self, analyst):
        hand_in(analyst, mbox(factories.eml(), factories.eml()), "Inbox.mbox")
        unpack()
        row = analyst.get("/uploads").select_one("tbody tr").text

        assert "Inbox.mbox" in row
        assert "2 messages" in row

    def test_shows_people_their_own(self, app, viewer, analyst):
        hand_in(viewer, mbox(factories.eml()))

        assert analyst.get("/uploads").select("tbody tr")
        other = factories.signed_in(app, "viewer")
        assert not other.get("/uploads").select("tbody tr")

    def test_costs_a_few_commands_however_many_there_are(self, analyst):
        costs = []
        for count in (5, 60):
            for number in range(count):
                made(analyst.account, f"{count}.{number}")
            with counting() as asked:
                page = analyst.get("/uploads?limit=4")
            assert len(page.select("tbody tr")) == 4
            costs.append([name for name in asked if name not in ACCESS])

        assert costs == [["uploads"], ["uploads"]]

    def test_leads_from_page_to_page_and_shows_each_once(self, analyst):
        for number in range(5):
            made(analyst.account, str(number))
        found, here = [], "/uploads?limit=2"
        while here:
            page = analyst.get(here)
            found += [link["href"] for link in page.select("tbody .pn-open")]
            older = page.select_one("a[rel=next]")
            here = older["href"] if older else ""

        assert len(found) == len(set(found)) == 5

    def test_says_what_to_do_when_it_is_empty(self, analyst):
        found = analyst.get("/uploads").select_one(".empty a")

        assert found["href"] == "/analyses/new"


class TestDeletion:
    def test_of_what_came_out_of_it_is_said_and_leads_nowhere(self, admin):
        hand_in(admin, mbox(factories.eml("Going"), factories.eml("Staying")))
        unpack()
        gone = str(stored()["email_analyses"].find_one({})["_id"])
        data = {"id": f"{gone}.1", "reason": "Sent by mistake."}
        admin.post("/analyses/chosen/delete", data=data)
        page = admin.get(address())

        assert not page.select(f'[href="/analyses/{gone}"]')
        assert len(page.select(".pn-outcomes a")) == 1
        assert "Its analysis has been deleted." in page.text


class TestExport:
    def test_holds_what_the_list_shows(self, analyst):
        content = {"a.exe": PROGRAM, "b.eml": factories.eml()}
        hand_in(analyst, archive(content), "=two.zip")
        unpack()
        form = analyst.get("/uploads").select_one("form#export")

        analyst.post(form["action"], data={"format": "csv"}, status=200)
        (row,) = csv.DictReader(io.StringIO(analyst.response.text, newline=""))
        assert (row["name"], row["state"]) == ("'=two.zip", "done")
        assert (row["seen"], row["accepted"], row["refused"]) == ("2", "1", "1")

    def test_of_a_long_list_holds_what_its_reader_may_see(self, app, admin):
        made(factories.account("analyst"), "theirs")
        every = tuple(visible_to(admin.account))
        order = Order("uploads", Format.JSONL, every, BEGINNING, now())
        mine = replace(order, facets=(f"by:{admin.account.id}",))

        assert b"theirs.mbox" in b"".join(written(order, 5))
        assert b"".join(written(mine, 5)) == b""

    def test_is_not_offered_to_who_may_not_export(self, viewer):
        made(viewer.account, "mine")

        assert viewer.get("/uploads").select_one("#export") is None
        viewer.post("/exports/uploads", data={"format": "csv"}, status=403)


def test_the_history_of_an_upload_begins_at_its_page(admin):
    hand_in(admin, archive({"a.exe": PROGRAM}), "one.zip")
    unpack()
    link = admin.get(address()).select_one("a[href^='/audit']")

    events = admin.get(link["href"]).select_one("tbody").text
    assert "Container handed in" in events
    assert "Container unpacked" in events
