"""The list of analyses: what a line says, what narrows it, what it says when empty."""

import re
from datetime import timedelta

import pytest
from bson import ObjectId

from dashboard.documents.base import Key
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.domain import rulesets
from dashboard.web.signals import TITLES
from tests import factories
from tests.factories import examined

LIST = "/analyses"
BAD = {"threat_level": "critical", "verdict": "malicious", "confidence_score": 0.97}


def minutes_ago(count):
    return now() - timedelta(minutes=count)


def subjects(page):
    return [link.text.strip() for link in page.select("#rows .pn-open")]


def cells(page):
    found = page.select("#rows tbody td:not(.pn-pick)")
    said = (" ".join(part.text.strip() for part in cell.children) for cell in found)
    return [text.strip() for text in said]


def waiting(**fields):
    unread = dict.fromkeys(("subject", "sender", "sender_name", "recipient"), "")
    unjudged = dict.fromkeys(("threat_level", "verdict", "confidence_score"))
    return examined(
        status="pending", analysis_results={}, **unread, **unjudged, **fields
    )


def beat(at):
    stored()["worker_heartbeats"].insert_one({"_id": "w", "at": at})


class TestLine:
    def test_says_what_is_known_of_a_message(self, analyst):
        found = {"links": 2, "attachments": 1, "top_rule": "reply-to-mismatch"}
        examined(**BAD, subject="Pay now", analysis_results=found, owner="night desk")
        level, sender, subject, signal, _at, owner, said, status = cells(
            analyst.get(LIST)
        )

        assert level.startswith("Malicious")
        assert "97 %" in level
        assert sender == "Facilities facilities@example[.]org"
        assert subject == "Pay now to staff@example.org · 2 links · 1 attachment"
        assert (signal, owner) == ("Reply-To differs", "night desk")
        assert (said, status) == ("None yet", "New")

    def test_is_bold_until_somebody_has_said_what_it_is(self, analyst):
        examined(subject="Fresh")
        examined(subject="Judged", decision={"verdict": "phishing"})
        page = analyst.get(LIST)

        assert [
            row.select_one(".pn-open").text for row in page.select(".is-unread")
        ] == ["Fresh"]
        assert "Phishing" in page.select_one(".pn-verdict").text

    def test_of_a_waiting_message_shows_its_file_and_no_level(self, analyst):
        waiting(file_name="report.eml")
        told = cells(analyst.get(LIST))

        assert told[0] == "Not yet"
        assert told[1:3] == ["not read yet", "report.eml"]
        assert told[-1] == "Waiting"

    def test_of_a_failed_one_is_never_shown_as_clean(self, analyst):
        examined(status="failed", threat_level="safe", verdict="clean")
        told = cells(analyst.get(LIST))

        assert told[0] == "Unknown"
        assert told[-1] == "Not analysed"

    def test_of_one_nobody_can_judge_says_so(self, analyst):
        examined(threat_level=None, verdict="cannot-judge", confidence_score=None)

        assert cells(analyst.get(LIST))[0] == "Cannot judge"

    def test_tells_what_is_missing_from_what_was_written(self, analyst):
        examined(subject="", sender="", sender_name="")
        examined(subject="no subject", sender_name="no name")
        page = analyst.get(LIST)

        assert [tag.text for tag in page.select("#rows em")] == [
            "no name",
            "no address",
            "no subject",
        ]

    def test_keeps_markup_of_a_sender_text(self, analyst):
        examined(subject="<script>alert(1)</script>", sender_name="<img src=x>")
        page = analyst.get(LIST)

        assert not page.select("tbody script, tbody img")
        assert subjects(page) == ["<script>alert(1)</script>"]

    def test_writes_out_marks_that_turn_the_direction(self, analyst):
        examined(subject="cod\u202e.exe", sender_name="\u2066Bank")

        assert subjects(analyst.get(LIST)) == ["cod[U+202E].exe"]
        assert "\u2066" not in analyst.response.text

    def test_leads_to_its_receipt_and_to_more_of_its_signal(self, analyst):
        identity = examined(analysis_results={"top_rule": "auth-fail"})
        page = analyst.get(LIST)

        assert page.select_one(".pn-open")["href"] == f"/analyses/{identity}"
        assert page.select_one(".pn-signal")["href"] == "/analyses?signal=auth-fail"

    def test_gives_the_time_in_utc_to_whoever_hovers(self, analyst):
        examined(received_at=minutes_ago(90))
        told = analyst.get(LIST).select_one("tbody time")

        assert told.text == "1 h"
        assert told["title"].endswith(" UTC")


class TestFilters:
    @pytest.fixture(autouse=True)
    def _messages(self, database):
        examined(subject="Quarterly invoice", received_at=minutes_ago(10))
        examined(**BAD, subject="Your invoice", received_at=minutes_ago(5))
        rules = {"detected_threats": ["auth-fail"], "sender": "x@mail.example.net"}
        examined(**BAD, **rules, subject="Old", received_at=now() - timedelta(days=9))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["Your invoice", "Quarterly invoice", "Old"]),
            ("level=critical", ["Your invoice", "Old"]),
            ("verdict=clean", ["Quarterly invoice"]),
            ("status=failed", []),
            ("from=example.net", ["Old"]),
            ("from=mail.example.net", ["Old"]),
            ("signal=auth-fail", ["Old"]),
            ("since=-2d", ["Your invoice", "Quarterly invoice"]),
            ("until=-2d", ["Old"]),
            ("q=INVOICE", ["Your invoice", "Quarterly invoice"]),
            ("q=invoice+quarterly", ["Quarterly invoice"]),
            ("q=invoice+level:malicious", ["Your invoice"]),
            ("level=&status=&q=", ["Your invoice", "Quarterly invoice", "Old"]),
        ],
    )
    def test_show_the_rows_a_direct_query_finds(self, analyst, query, expected):
        assert subjects(analyst.get(f"{LIST}?{query}")) == expected

    def test_stand_as_tokens_that_remove_themselves(self, analyst):
        page = analyst.get(f"{LIST}?level=critical&q=invoice")
        links = {token.bdi.text: token.a["href"] for token in page.select(".pn-token")}

        assert links == {
            "level:malicious": "/analyses?q=invoice",
            "invoice": "/analyses?level=critical",
        }

    def test_are_repeated_by_the_form_so_that_the_next_one_is_added(self, analyst):
        page = analyst.get(f"{LIST}?signal=auth-fail&level=critical&q=old")
        repeated = {
            field["name"]: field["value"]
            for field in page.select("#filters [type=hidden]")
        }

        assert repeated == {"signal": "auth-fail", "q": "old"}
        assert page.select_one("#filter-level [selected]")["value"] == "critical"

    def test_that_were_typed_wrong_are_named(self, analyst):
        page = analyst.get(f"{LIST}?q=level:worst")

        assert "level:worst was left out" in page.select_one(".alert").text
        assert len(subjects(page)) == 3

    def test_that_no_list_has_are_400(self, analyst):
        analyst.get(f"{LIST}?sort=subject", status=400)

    def test_answer_htmx_with_the_list_alone(self, analyst):
        part = analyst.get(f"{LIST}?level=critical", htmx=True)

        assert part.select_one("html") is None
        assert part.select_one("#analyses #rows")
        assert subjects(part) == ["Your invoice", "Old"]
        assert "HX-Request" in analyst.response.vary

    def test_never_show_a_viewer_what_others_submitted(self, viewer):
        examined(viewer.account, subject="Mine")

        for query in ("", "?level=safe", f"?by={'f' * 24}", "?q=invoice", "?by=me"):
            assert set(subjects(viewer.get(LIST + query))) <= {"Mine"}


class TestPages:
    def test_lead_through_every_row_once(self, analyst):
        for count in range(7):
            examined(subject=f"n{count}", received_at=minutes_ago(count))
        path, seen = f"{LIST}?limit=3", []
        while path:
            page = analyst.get(path)
            seen += subjects(page)
            older = page.select_one("[rel=next]")
            path = older["href"] if older else ""

        assert seen == [f"n{count}" for count in range(7)]

    def test_lead_back_to_the_newest(self, analyst):
        for count in range(2):
            examined(received_at=minutes_ago(count))
        older = analyst.get(f"{LIST}?limit=1&level=safe").select_one("[rel=next]")
        page = analyst.get(older["href"])

        assert page.select_one(".pn-pager a")["href"] == f"{LIST}?level=safe&limit=1"

    def test_after_the_last_row_say_that_nothing_is_older(self, analyst):
        examined(received_at=minutes_ago(1))
        page = analyst.get(f"{LIST}?after={'A' * 27}")

        assert "Nothing older" in page.select_one(".empty").text

    @pytest.mark.parametrize("key", ["x", "%00", "é", "A" * 400, "-1"])
    def test_with_a_key_nobody_wrote_are_400(self, analyst, key):
        analyst.get(f"{LIST}?after={key}", status=400)


class TestOldestFirst:
    @pytest.fixture(autouse=True)
    def _messages(self, database):
        for count in range(5):
            examined(subject=f"{count}", received_at=minutes_ago(count))

    def test_visits_each_row_once_from_page_to_page(self, analyst):
        seen, path = [], f"{LIST}?order=oldest&limit=2"
        while path:
            page = analyst.get(path)
            seen += subjects(page)
            newer = page.select_one("[rel=next]")
            path = newer["href"] if newer else ""

        assert seen == ["4", "3", "2", "1", "0"]

    def test_is_turned_to_and_back_by_the_head_of_the_column(self, analyst):
        page = analyst.get(f"{LIST}?level=safe")
        assert page.select_one("th[aria-sort=descending] a")
        page = analyst.get(page.select_one("#sort")["href"])
        assert subjects(page) == ["4", "3", "2", "1", "0"]
        assert page.select_one("th[aria-sort=ascending] a")
        assert "5 shown, oldest first" in page.select_one(".pn-pager").text

        assert page.select_one("#sort")["href"] == f"{LIST}?level=safe"

    def test_is_kept_by_the_filters_and_the_export(self, analyst):
        page = analyst.get(f"{LIST}?level=safe&order=oldest")
        kept = page.select_one("#filters input[name=order]")

        assert kept["value"] == "oldest"
        assert page.select_one(".pn-token a")["href"] == f"{LIST}?order=oldest"
        assert page.select_one("#export")["action"].endswith("level=safe&order=oldest")
        assert "order=oldest" in page.select_one("#bulk [name=back]")["value"]

    def test_refuses_the_place_of_the_other_order(self, analyst):
        newest = analyst.get(f"{LIST}?limit=2").select_one("[rel=next]")["href"]
        oldest = analyst.get(f"{LIST}?limit=2&order=oldest").select_one("[rel=next]")

        analyst.get(f"{newest}&order=oldest", status=400)
        analyst.get(oldest["href"].replace("order=oldest&", ""), status=400)

    def test_after_the_last_row_says_that_nothing_is_newer(self, analyst):
        end = Key(now() + timedelta(hours=1), ObjectId(), is_rising=True)
        page = analyst.get(f"{LIST}?order=oldest&after={end}")

        assert "Nothing newer" in page.select_one(".empty").text
        assert page.select_one(".empty a")["href"] == f"{LIST}?order=oldest"

    def test_is_no_order_of_other_lists(self, admin):
        for path in ("/users", "/uploads", "/indicators"):
            admin.get(f"{path}?order=oldest", status=400)

    def test_asks_for_itself_from_its_first_row_on_while_it_waits(self, analyst):
        waiting(file_name="w.eml", received_at=minutes_ago(9))
        page = analyst.get(f"{LIST}?order=oldest")
        again = page.select_one("[hx-trigger^=every]")["hx-get"]
        examined(subject="Later")
        page = analyst.get(again)

        assert subjects(page) == ["w.eml", "4", "3", "2", "1", "0", "Later"]
        assert "Newer messages have come in" not in page.text


class TestEmpty:
    def test_list_of_an_analyst_leads_to_submitting(self, analyst):
        told = analyst.get(LIST).select_one(".empty")

        assert "No message has been submitted yet" in told.text
        assert told.a["href"] == "/analyses/new"

    def test_list_of_a_viewer_speaks_of_their_own(self, viewer):
        examined()

        assert "You have not submitted" in viewer.get(LIST).select_one(".empty").text

    def test_result_offers_to_clear_the_filters(self, analyst):
        examined()
        told = analyst.get(f"{LIST}?level=high").select_one(".empty")

        assert "No message matches" in told.text
        assert told.a["href"] == LIST


class TestWaiting:
    def test_page_asks_for_itself_until_nothing_waits(self, analyst):
        waiting()
        polling = analyst.get(LIST).select_one("#rows [hx-trigger]")
        stored()["email_analyses"].update_one({}, {"$set": {"status": "done"}})

        assert polling["hx-trigger"] == "every 3s"
        assert not analyst.get(LIST).select_one("#rows [hx-trigger]")

    def test_page_that_has_not_changed_is_304(self, analyst):
        beat(now())
        waiting()
        again = analyst.get(LIST).select_one("#rows [hx-get]")["hx-get"]
        analyst.get(again, htmx=True)
        tag = analyst.response.headers["ETag"]
        analyst.get(again, htmx=True, status=304, headers={"If-None-Match": tag})
        stored()["email_analyses"].update_one({}, {"$set": {"status": "running"}})

        analyst.get(again, htmx=True, headers={"If-None-Match": tag})
        assert cells(analyst.get(again))[-1] == "Being read"

    def test_page_sends_the_tag_it_was_answered_with(self, analyst):
        waiting()
        sent = analyst.get(LIST).select_one("#rows [hx-headers]")["hx-headers"]

        tag = analyst.response.headers["ETag"].strip('"')
        assert re.fullmatch(r'\{"If-None-Match": "\\"(\w+)\\""\}', sent)[1] == tag

    def test_page_keeps_its_rows_and_says_that_newer_ones_came(self, analyst):
        waiting(received_at=minutes_ago(1))
        again = analyst.get(LIST).select_one("#rows [hx-get]")["hx-get"]
        examined(subject="Newcomer")
        page = analyst.get(again, htmx=True)

        assert len(subjects(page)) == 1
        assert "Newer messages" in page.select_one(".pn-notice").text
        assert subjects(analyst.get(page.select_one(".pn-notice a")["href"]))[0] == (
            "Newcomer"
        )

    def test_page_says_since_when_no_worker_reads(self, analyst):
        beat(minutes_ago(10))
        since = minutes_ago(7)
        waiting(received_at=since)
        told = analyst.get(LIST).select_one("#rows .alert").text

        assert f"wait since {since:%Y-%m-%d %H:%M}" in told
        assert "nothing is lost" in told

    def test_page_says_nothing_of_the_kind_while_a_worker_lives(self, analyst):
        beat(now())
        waiting(received_at=minutes_ago(7))

        assert not analyst.get(LIST).select_one("#rows .alert")


def test_every_rule_of_the_ruleset_has_a_name():
    assert {*rulesets.load().points_for, *rulesets.load().points_against} <= set(TITLES)


@pytest.fixture(autouse=True)
def _counters_are_fresh():
    yield
    histogram.forget()


def test_a_submitted_message_is_on_the_list_at_once(analyst):
    factories.submitted(analyst.account, name="first.eml")

    assert subjects(analyst.get(LIST)) == ["first.eml"]


@pytest.mark.parametrize(
    ("risk", "shown"), [(0.001, "risk 1 %"), (0.42, "risk 42 %"), (0.999, "risk 99 %")]
)
def test_no_risk_is_shown_as_certain(analyst, risk, shown):
    examined(confidence_score=risk)

    assert shown in cells(analyst.get(LIST))[0]
