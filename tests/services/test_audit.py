"""The trail: what happened, who did it, from where; only ever added to."""

import ast
from datetime import datetime

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.transactions import transact
from dashboard.services import analyses, audit
from dashboard.services.analyses import Decision
from dashboard.services.audit import Actor, Event, record
from tests import factories

WHO = Actor("ada", "1", "203.0.113.9", "Browser/1", "req_1")
KEYS = {
    *("_id", "event_type", "action", "user_id", "actor", "description", "object_type"),
    *("object_id", "ip_address", "user_agent", "request_id", "metadata", "timestamp"),
    "facets",
}


def only():
    (row,) = stored()["audit_logs"].find({})
    return row


class TestRecord:
    def test_holds_who_what_where_and_when(self, database):
        record(Event.SIGN_OUT, WHO, of=("session", "7"), description="by hand")

        row = only()
        assert set(row) == KEYS
        assert (row["event_type"], row["action"]) == ("session", "session:sign-out")
        assert (row["actor"], row["user_id"], row["object_id"]) == ("ada", "1", "7")
        assert (row["ip_address"], row["user_agent"]) == ("203.0.113.9", "Browser/1")
        assert row["request_id"] == "req_1"

    def test_can_be_found_by_all_it_says(self, database):
        record(Event.SIGN_OUT, WHO, of=("session", "7"))

        assert set(only()["facets"]) == {
            *("request:req_1", "object:7", "ip:203.0.113.9", "who:ada"),
            *("action:session:sign-out", "type:session", "t:ada"),
        }

    def test_holds_the_time_in_utc(self, database):
        record(Event.SIGN_OUT, WHO)

        assert isinstance(only()["timestamp"], datetime)
        assert only()["timestamp"].utcoffset().total_seconds() == 0

    def test_cuts_what_somebody_else_wrote(self, database):
        endless = Actor("n" * 9999, user_agent="u" * 9999)
        record(Event.SIGN_IN_FAILED, endless, description="d" * 9999)

        row = only()
        assert max(len(row[name]) for name in ("actor", "user_agent")) == audit.MAX_TEXT
        assert len(row["description"]) == audit.MAX_TEXT

    def test_is_undone_with_the_work_it_stands_in(self, database):
        def work(session):
            record(Event.ACCOUNT_CHANGED, WHO, session=session)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            transact(work)
        assert stored()["audit_logs"].count_documents({}) == 0

    def test_of_a_change_holds_before_and_after(self, analyst):
        identity = factories.submitted(analyst.account)
        row = stored()["email_analyses"].find_one({})
        who = Actor("ada", analyst.account.id)
        given = {"verdict": Decision.PHISHING, "category": None, "note": "spoofed"}
        analyses.judge(row, who, **given, version=1)

        event = stored()["audit_logs"].find_one({"action": "analysis:judge"})
        assert event["object_id"] == identity
        assert event["metadata"] == {
            "changes": {"verdict": {"before": "", "after": "phishing"}},
            "note": "spoofed",
        }

    def test_of_a_theme_holds_before_and_after(self, analyst):
        analyst.post("/theme", data={"theme": "dark"})

        event = stored()["audit_logs"].find_one({"action": "account:change"})
        assert event["metadata"] == {"theme": {"before": "system", "after": "dark"}}

    def test_holds_no_password_and_no_session(self, stranger):
        factories.account("analyst", username="ada")
        wrong = {"login": "ada", "password": "a wrong canary password"}
        stranger.post("/login", status=422, data=wrong)
        factories.sign_in(stranger, "ada")
        with stranger.client.session_transaction() as session:
            secret = session["sid"]

        text = str(list(stored()["audit_logs"].find({})))
        assert "canary" not in text
        assert factories.PASSWORD not in text
        assert secret not in text


READS = ("find", "find_one", "aggregate")


class TestEvents:
    def test_have_a_code_of_their_own_each(self):
        assert len({event.value for event in Event}) == len(Event)

    def test_tell_success_from_failure(self):
        assert Event.SIGN_IN != Event.SIGN_IN_FAILED
        assert Event.ANALYSIS_FINISHED != Event.ANALYSIS_FAILED

    def test_are_written_in_one_place(self, root):
        writers = [
            path.relative_to(root).as_posix()
            for path in (root / "dashboard").rglob("*.py")
            if writes_the_trail(path)
        ]

        assert writers == ["dashboard/services/audit.py"]

    def test_are_never_changed_or_deleted_by_the_product(self, root):
        for path in (root / "dashboard").rglob("*.py"):
            for call in calls_on(path, "audit_logs"):
                assert call in {"insert_one", "insert_many", *READS}, path


def calls_on(path, collection):
    """The methods called on `database()["…"]` of that name."""
    for node in ast.walk(ast.parse(path.read_text())):
        target = getattr(node, "value", None)
        key = getattr(target, "slice", None)
        if isinstance(node, ast.Attribute) and getattr(key, "value", "") == collection:
            yield node.attr


def writes_the_trail(path):
    return "insert_one" in set(calls_on(path, "audit_logs"))
