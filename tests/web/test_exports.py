"""Taking lists along: what a file holds, who may have it, and what the trail says."""

import csv
import io
import json
from datetime import timedelta

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat
from dashboard.services import exports, indicators, queue, sessions
from dashboard.services.audit import Actor, Event, record
from dashboard.services.indicators import Told
from tests import factories
from tests.factories import examined

ANALYSES, TRAIL, MINE = "/exports/analyses", "/exports/audit", "/exports"
CSV, JSONL = {"format": "csv"}, {"format": "jsonl"}
JSON = {"Accept": "application/json"}


def ask(browser, url=ANALYSES, data=CSV, status=200):
    browser.post(url, data=data, status=status)
    return browser.response


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


def subjects(answer):
    return [row["subject"] for row in table(answer)]


def events(action):
    return list(stored()["audit_logs"].find({"action": action}))


@pytest.fixture
def sent(monkeypatch):
    """What was asked of the broker."""
    asked = []
    monkeypatch.setattr(
        queue.current_app, "send_task", lambda name, args, **_: asked.append(args[0])
    )
    return asked


@pytest.fixture
def long(monkeypatch, sent):
    """Five messages, where a list of four is long and a step is two of them."""
    monkeypatch.setattr(exports, "DIRECT_ROWS", 4)
    monkeypatch.setattr(exports, "STEP_ROWS", 2)
    monkeypatch.setattr(exports, "PIECE_ROWS", 2)
    return [examined(subject=f"Message {number}") for number in range(5)]


def written(browser, sent, url=ANALYSES):
    """Ask for the long list and have it written; the address of its page."""
    where = ask(browser, url, status=303).location
    while sent:
        exports.advance(sent.pop())
    return where


class TestFile:
    def test_holds_a_header_and_a_line_for_each_row(self, analyst):
        examined(subject="Pay now", threat_level="critical", verdict="malicious")
        (row,) = table(ask(analyst))

        assert (row["subject"], row["level"]) == ("Pay now", "critical")
        assert row["sender"] == "facilities@example.org"
        assert row["received_at"].endswith("Z")

    def test_is_saved_and_never_opened(self, analyst):
        answer = ask(analyst)

        assert answer.mimetype == "text/csv"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("risk", ["=1+1", "+1", "-1", "@A1", "\t=1", "＝1"])
    def test_calculates_nothing_in_a_spreadsheet(self, analyst, risk):
        examined(subject=risk, sender_name=f'{risk}"x', file_name=f"{risk},\r\n")
        (row,) = table(ask(analyst))

        assert row["subject"] == f"'{risk}"
        assert row["sender_name"] == f"'{risk}\"x"
        assert row["file_name"] == f"'{risk},\r\n"

    def test_holds_what_the_filters_show_newest_first(self, analyst):
        for number in range(3):
            at = now() - timedelta(minutes=number)
            examined(subject=f"Bad {number}", threat_level="critical", received_at=at)
        examined(subject="Good")

        found = subjects(ask(analyst, f"{ANALYSES}?level=malicious&q=bad"))
        assert found == ["Bad 0", "Bad 1", "Bad 2"]

    def test_holds_the_oldest_first_where_the_list_shows_them_so(
        self, analyst, monkeypatch
    ):
        monkeypatch.setattr(exports, "STEP_ROWS", 2)
        at = now()
        for number in range(7):
            examined(subject=f"{number}", received_at=at - timedelta(days=number // 3))
        newest = subjects(ask(analyst, f"{ANALYSES}?level=safe"))
        histogram.forget()

        oldest = subjects(ask(analyst, f"{ANALYSES}?level=safe&order=oldest"))

        assert oldest == newest[::-1]

    def test_of_json_lines_reads_back_as_it_was(self, analyst):
        examined(subject='=1 "quoted"\nünï', confidence_score=-0.5)
        (line,) = ask(analyst, data=JSONL).text.splitlines()

        row = json.loads(line)
        assert (row["subject"], row["risk"]) == ('=1 "quoted"\nünï', -0.5)

    def test_of_the_trail_holds_changes(self, auditor):
        told = {"changes": {"role": {"before": "viewer", "after": "analyst"}}}
        record(Event.ACCOUNT_CHANGED, Actor("ada"), metadata=told)
        answer = ask(auditor, f"{TRAIL}?who=ada", JSONL)

        assert json.loads(answer.text)["metadata"] == told

    def test_of_nothing_is_a_header(self, analyst):
        assert len(ask(analyst).text.splitlines()) == 1

    def test_is_written_in_steps_that_miss_and_repeat_nothing(
        self, analyst, monkeypatch
    ):
        monkeypatch.setattr(exports, "STEP_ROWS", 2)
        at = now()
        names = [f"Message {number}" for number in range(7)]
        for number, name in enumerate(names):
            examined(subject=name, received_at=at - timedelta(days=number // 3))

        assert sorted(subjects(ask(analyst))) == names


class TestLists:
    def test_of_indicators_holds_them_whole_and_by_their_filters(self, analyst):
        told = Told(Threat.PHISHING, Level.HIGH, 0.8, "desk", tags=("bank",))
        indicators.add(Kind.DOMAIN, "evil.example", told, Actor("ada"))
        indicators.add(Kind.IP, "203.0.113.9", told, Actor("ada"))
        (row,) = table(ask(analyst, "/exports/indicators?type=domain"))

        assert (row["indicator"], row["level"]) == ("evil.example", "high")
        assert (row["tags"], row["confidence"]) == ("bank", "0.8")

    def test_of_people_holds_no_password(self, admin):
        (row,) = table(ask(admin, "/exports/users"))

        assert (row["username"], row["role"]) == (admin.account.username, "admin")
        assert row["state"] == "active"
        assert "argon2" not in admin.response.text

    def test_of_sessions_holds_none_of_their_secrets(self, admin):
        (row,) = table(ask(admin, "/exports/sessions"))
        secret = stored()["persistent_sessions"].find_one({})["session_id"]

        assert (row["username"], row["state"]) == (admin.account.username, "live")
        assert secret not in admin.response.text

    def test_of_ended_sessions_is_asked_for_as_on_the_page(self, admin):
        factories.begin_session(factories.account("viewer", username="gone"))
        theirs = {"username": "gone"}
        session = stored()["persistent_sessions"].find_one(theirs)
        sessions.revoke(session, Actor("admin"))
        over = table(ask(admin, "/exports/sessions?state=ended"))

        assert [row["username"] for row in over] == ["gone"]
        assert over[0]["ended_by"] == "admin"


class TestRefusal:
    @pytest.mark.parametrize("who", ["viewer"])
    def test_meets_who_may_not_export(self, request, who):
        ask(request.getfixturevalue(who), status=403)

    def test_meets_who_may_not_read_the_list(self, analyst, auditor):
        ask(analyst, TRAIL, status=403)
        ask(auditor, ANALYSES, status=403)

        refused = [row["description"] for row in events(Event.ACCESS_REFUSED)]
        assert {f"POST {TRAIL}", f"POST {ANALYSES}"} <= set(refused)
        assert not events(Event.EXPORT_CREATED)

    @pytest.mark.parametrize("listed", ["nonsense", "users.hashed_password", "$where"])
    def test_meets_lists_there_are_not(self, admin, listed):
        ask(admin, f"/exports/{listed}", status=404)

    def test_meets_forms_and_filters_there_are_not(self, admin):
        ask(admin, data={"format": "exe"}, status=400)
        ask(admin, f"{ANALYSES}?hashed_password=1", status=400)

    def test_meets_who_asks_too_often(self, admin):
        for _ in range(30):
            ask(admin)

        ask(admin, status=429)


class TestTrail:
    def test_says_which_list_and_filter_was_taken(self, auditor):
        ask(auditor, f"{TRAIL}?who=ada")

        (row,) = events(Event.EXPORT_CREATED)
        assert (row["object_type"], row["object_id"]) == ("list", "audit")
        assert row["metadata"] == {"format": "csv", "filter": "who=ada", "rows": 0}

    def test_says_so_before_the_first_row_leaves(self, auditor, monkeypatch):
        monkeypatch.setattr(exports, "record", lambda *_a, **_k: 1 / 0)

        ask(auditor, TRAIL, status=500)

    def test_of_a_long_list_tells_its_beginning_its_end_and_who_took_it(
        self, analyst, long, sent
    ):
        where = written(analyst, sent)
        analyst.get(f"{where}/file")

        for event in (Event.EXPORT_CREATED, Event.EXPORT_FINISHED):
            assert len(events(event)) == 1
        assert events(Event.EXPORT_DOWNLOADED)[0]["metadata"]["rows"] == 5


class TestLongList:
    def test_is_written_in_the_background(self, analyst, long, sent):
        where = ask(analyst, status=303).location
        page = analyst.get(where)

        assert page.select_one("progress")
        assert page.select_one("#progress")["hx-get"] == where
        assert "0 rows written so far" in page.text
        assert len(sent) == 1

    def test_shows_how_far_it_is(self, analyst, long, sent):
        where = ask(analyst, status=303).location
        exports.advance(sent.pop())

        assert "2 rows written so far" in analyst.get(where, htmx=True).text

    def test_is_handed_out_whole_once_it_is_finished(self, analyst, long, sent):
        where = written(analyst, sent)
        page = analyst.get(where)
        analyst.get(page.select_one(".btn-primary")["href"])

        assert not page.select("[hx-trigger]")
        found = [row["subject"] for row in table(analyst.response)]
        assert found == [f"Message {number}" for number in range(4, -1, -1)]

    def test_keeps_its_order_from_one_piece_to_the_next(self, analyst, long, sent):
        where = written(analyst, sent, f"{ANALYSES}?order=oldest")
        analyst.get(f"{where}/file")

        found = [row["subject"] for row in table(analyst.response)]
        assert found == [f"Message {number}" for number in range(5)]

    def test_says_how_much_there_is(self, analyst, long, sent):
        where = written(analyst, sent)
        much = {"$set": {"rows": 10_400, "size": 3_100_000}}
        stored()["exports"].update_one({}, much)
        text = analyst.get(where).select_one("#progress").text

        assert "10,400 rows" in text
        assert "3.1 MB" in text

    def test_is_not_handed_out_before(self, analyst, long, sent):
        where = ask(analyst, status=303).location

        analyst.get(f"{where}/file", status=404)

    def test_belongs_to_who_asked_for_it(self, app, analyst, admin, long, sent):
        where = written(analyst, sent)
        for other in (admin, factories.signed_in(app, "analyst")):
            other.get(where, status=404)
            other.get(f"{where}/file", status=404)
            assert where not in str(other.get(MINE))
        assert analyst.get(MINE).select_one(f'a[href="{where}"]')

    def test_expires(self, analyst, long, sent):
        where = written(analyst, sent)
        row = stored()["exports"].find_one({})
        kept = row["expires_at"] - row["finished_at"]
        past = {"$set": {"expires_at": now() - timedelta(seconds=1)}}
        stored()["exports"].update_one({}, past)

        assert kept == timedelta(hours=24)
        for address in (where, f"{where}/file"):
            analyst.get(address, status=404)
        assert "No exports at present" in analyst.get(MINE).text

    def test_is_refused_to_who_may_no_longer_read_the_list(self, analyst, long, sent):
        where = written(analyst, sent)
        stored()["users"].update_one(
            {"_id": ObjectId(analyst.account.id)}, {"$set": {"role": "auditor"}}
        )

        analyst.get(f"{where}/file", status=403)

    def test_is_one_of_three_at_a_time(self, analyst, admin, long, sent):
        for _ in exports.SLOTS:
            ask(analyst, status=303)

        assert "Three exports" in ask(analyst, status=409).text
        ask(admin, status=303)

    def test_frees_its_place_when_it_is_finished(self, analyst, long, sent):
        for _ in range(5):
            written(analyst, sent)

    @pytest.mark.parametrize("identity", ["nonsense", "0" * 24, '{"$gt":""}'])
    def test_that_is_unknown_is_404(self, analyst, identity):
        analyst.get(f"{MINE}/{identity}", status=404)


class TestButton:
    @pytest.mark.parametrize(
        ("who", "url", "target"),
        [
            ("analyst", "/analyses", ANALYSES),
            ("auditor", "/audit", TRAIL),
            ("admin", "/users", "/exports/users"),
            ("analyst", "/indicators", "/exports/indicators"),
            ("admin", "/sessions/all", "/exports/sessions"),
        ],
    )
    def test_takes_the_filters_along(self, request, who, url, target):
        browser = request.getfixturevalue(who)
        page = browser.get(f"{url}?since=-7d&q=lunch")

        form = page.select_one("form#export")
        assert form["action"] == f"{target}?since=-7d&q=lunch"
        assert {b["value"] for b in page.select("button[form=export]")} == {
            *("csv", "jsonl"),
        }
        browser.post(form["action"], data=CSV, status=200)

    def test_is_not_shown_to_who_may_not_export(self, viewer):
        assert not viewer.get("/analyses").select("#export, [form=export]")
