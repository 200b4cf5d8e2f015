"""Submitting once, judging, taking back and analysing again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.counters import by_day
from dashboard.documents.transactions import transact
from dashboard.domain import rulesets
from dashboard.domain.statuses import Status
from dashboard.services import analyses, messages, queue
from dashboard.services.analyses import (
    Category,
    Changed,
    Decision,
    NotAllowed,
    Refused,
    Submission,
    TooLarge,
    UnknownRuleset,
)
from dashboard.services.audit import Actor
from tests import factories
from tests.factories import LIMIT

ADA = Actor("ada", "1")
BOB = Actor("bob", "2")
OLDER = rulesets.versions()[0]


@pytest.fixture(autouse=True)
def empty(database):
    """Every test begins without an analysis."""


def submit(raw=None, who=ADA, *, source="upload", limit=LIMIT):
    raw = raw or factories.eml()
    return analyses.submit(Submission(raw, source, "a.eml"), who, max_bytes=limit)


def rows(name="email_analyses"):
    return list(stored()[name].find({}))


def row_of(accepted):
    return stored()["email_analyses"].find_one({"_id": ObjectId(accepted.analysis_id)})


def set_status(accepted, status):
    """Bring an analysis to a state, with its facets and counters."""
    change = {"status": status.value}
    identity = ObjectId(accepted.analysis_id)
    transact(lambda session: analyses.change(identity, change, session))
    if status is not Status.PENDING:
        state = {"$set": {"state": "running" if status is Status.RUNNING else "done"}}
        stored()["analysis_jobs"].update_many({"analysis_id": identity}, state)
    return row_of(accepted)


def actions():
    return [row["action"] for row in rows("audit_logs")]


class TestSubmit:
    def test_keeps_the_bytes_asks_for_a_job_and_tells_the_trail(self):
        accepted = submit()

        (row,), (job,) = rows(), rows("analysis_jobs")
        assert accepted.is_new
        assert (row["status"], row["user_id"]) == ("pending", "1")
        assert (job["state"], job["analysis_id"]) == ("queued", row["_id"])
        assert len(rows("messages")) == 1
        assert actions() == ["analysis:submit"]

    def test_of_the_same_bytes_by_one_person_is_one_analysis(self):
        raw = factories.eml()
        first, second = submit(raw), submit(raw, source="paste")

        assert first.analysis_id == second.analysis_id
        assert (first.is_new, second.is_new) == (True, False)
        assert len(rows()) == len(rows("analysis_jobs")) == 1
        assert actions() == ["analysis:submit"]

    def test_of_the_same_bytes_ten_times_at_once_is_one_analysis(self):
        raw = factories.eml()
        with ThreadPoolExecutor(10) as pool:
            accepted = list(pool.map(lambda _: submit(raw), range(10)))

        assert len({one.analysis_id for one in accepted}) == 1
        assert sum(one.is_new for one in accepted) == 1
        assert len(rows()) == len(rows("analysis_jobs")) == 1
        assert sum(day["received"] for day in by_day().values()) == 1

    def test_of_the_same_bytes_by_two_people_is_two_analyses_of_one_message(self):
        raw = factories.eml()
        submit(raw), submit(raw, BOB)

        assert (len(rows()), len(rows("messages"))) == (2, 1)

    def test_of_the_same_bytes_by_ten_people_at_once_is_one_message(self):
        raw, people = factories.eml(), [Actor(f"p{n}", str(n)) for n in range(10)]
        with ThreadPoolExecutor(10) as pool:
            accepted = list(pool.map(lambda one: submit(raw, one), people))

        assert all(one.is_new for one in accepted)
        assert (len(rows()), len(rows("messages"))) == (10, 1)

    def test_again_brings_back_bytes_that_were_lost(self):
        raw = factories.eml()
        submit(raw)
        stored()["messages"].delete_many({})

        assert not submit(raw).is_new
        assert messages.load(messages.digest(raw)) == raw

    def test_above_the_limit_is_refused_and_leaves_nothing(self):
        with pytest.raises(TooLarge):
            submit(factories.eml(body="x" * 2000), limit=1000)

        assert not rows() + rows("messages") + rows("fs.files")

    @pytest.mark.parametrize(
        "raw", [b"MZ\x90\x00", b"\x7fELF", b"%PDF-1.7", b"hello", b" ", b"PK\x03\x04"]
    )
    def test_of_no_message_is_refused_with_the_reason(self, raw):
        with pytest.raises(Refused) as caught:
            submit(raw)

        assert str(caught.value).endswith(".")
        assert not rows() + rows("messages")

    def test_never_opens_the_message(self):
        submit(factories.eml("A subject nobody reads yet"))

        assert rows()[0]["subject"] == ""

    def test_counts_what_came_in(self):
        submit(), submit()

        (day,) = by_day().values()
        assert day == {"received": 2, "facets": {"status:pending": 2}}

    def test_loses_nothing_when_the_broker_is_away(self, monkeypatch):
        def away(*_arguments, **_options):
            raise OSError("no broker")

        monkeypatch.setattr(queue.current_app, "send_task", away)

        assert submit().is_new
        assert rows("analysis_jobs")[0]["state"] == "queued"


class TestCancel:
    def test_takes_back_what_waits(self):
        accepted = submit()
        analyses.cancel(row_of(accepted), ADA)

        assert row_of(accepted)["status"] == "cancelled"
        assert rows("analysis_jobs")[0]["state"] == "cancelled"
        assert actions()[-1] == "analysis:cancel"

    @pytest.mark.parametrize("status", [Status.RUNNING, Status.DONE, Status.FAILED])
    def test_is_refused_once_a_worker_had_it(self, status):
        accepted = submit()
        row = set_status(accepted, status)

        with pytest.raises(NotAllowed):
            analyses.cancel(row, ADA)
        assert row_of(accepted)["status"] == status

    def test_is_refused_when_a_worker_was_faster(self):
        accepted = submit()
        seen = row_of(accepted)
        set_status(accepted, Status.RUNNING)

        with pytest.raises(NotAllowed):
            analyses.cancel(seen, ADA)
        assert row_of(accepted)["status"] == "running"

    def test_is_done_once_by_two_at_once(self):
        seen = row_of(submit())

        def cancel(_):
            try:
                analyses.cancel(seen, ADA)
            except NotAllowed:
                return 0
            return 1

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(cancel, range(4))) == 1


class TestRepeat:
    @pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.CANCELLED])
    def test_asks_for_another_run(self, status):
        accepted = submit()
        analyses.repeat(set_status(accepted, status), ADA)

        row = row_of(accepted)
        runs = [job["run"] for job in rows("analysis_jobs")]
        assert (row["status"], row["run"], runs) == ("pending", 2, [1, 2])
        assert actions()[-1] == "analysis:repeat"

    def test_is_asked_of_a_ruleset_that_is_shipped(self):
        row = set_status(submit(), Status.DONE)
        analyses.repeat(row, ADA, ruleset=OLDER)

        assert [job["ruleset"] for job in rows("analysis_jobs")] == ["", OLDER]
        assert rows("audit_logs")[-1]["metadata"] == {"run": 2, "ruleset": OLDER}

    @pytest.mark.parametrize("ruleset", ["", "2025.1.1", "words", "../x", "2026.11"])
    def test_is_refused_of_a_ruleset_there_is_not(self, ruleset):
        row = set_status(submit(), Status.DONE)

        with pytest.raises(UnknownRuleset):
            analyses.repeat(row, ADA, ruleset=ruleset)
        assert len(rows("analysis_jobs")) == 1

    @pytest.mark.parametrize("status", [Status.PENDING, Status.RUNNING])
    def test_is_refused_while_one_is_under_way(self, status):
        row = set_status(submit(), status)

        with pytest.raises(NotAllowed):
            analyses.repeat(row, ADA)
        assert len(rows("analysis_jobs")) == 1

    def test_is_asked_once_by_two_at_once(self):
        seen = set_status(submit(), Status.DONE)

        def repeat(_):
            try:
                analyses.repeat(seen, ADA)
            except NotAllowed:
                return 0
            return 1

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(repeat, range(4))) == 1
        assert len(rows("analysis_jobs")) == 2


def judge(row, verdict=Decision.PHISHING, *, version=1, who=ADA, note=""):
    given = {"verdict": verdict, "category": Category.PAYMENT, "note": note}
    analyses.judge(row, who, **given, version=version)


class TestJudge:
    def test_stands_beside_what_the_engine_said(self):
        accepted = submit()
        engine = {"threat_level": "safe", "verdict": "clean"}
        stored()["email_analyses"].update_one({}, {"$set": engine})
        judge(row_of(accepted), note="The bank called.")

        row = row_of(accepted)
        assert (row["verdict"], row["threat_level"]) == ("clean", "safe")
        assert row["decision"]["verdict"] == "phishing"
        assert row["decision"]["by"] == "ada"
        assert "decided:phishing" in row["facets"]

    def test_of_a_stale_page_is_refused(self):
        accepted = submit()
        row = row_of(accepted)
        judge(row, Decision.LEGITIMATE, who=BOB)

        with pytest.raises(Changed):
            judge(row, version=1)
        assert row_of(accepted)["decision"]["by"] == "bob"
        judge(row, version=2)

    def test_by_two_at_once_is_one(self):
        row = row_of(submit())

        def decide(who):
            try:
                judge(row, who=who)
            except Changed:
                return 0
            return 1

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(decide, [ADA, BOB, ADA, BOB])) == 1
        assert actions().count("analysis:judge") == 1

    def test_is_not_undone_by_a_result_that_comes_later(self):
        accepted = submit()
        judge(row_of(accepted))
        set_status(accepted, Status.DONE)

        assert row_of(accepted)["decision"]["verdict"] == "phishing"

    def test_cuts_an_endless_note(self):
        accepted = submit()
        judge(row_of(accepted), note="x" * 99_999)

        assert len(row_of(accepted)["decision"]["note"]) == analyses.MAX_NOTE


class TestChange:
    def test_moves_the_counters_with_the_row(self):
        accepted = submit()
        set_status(accepted, Status.RUNNING)
        set_status(accepted, Status.DONE)

        (day,) = by_day().values()
        assert {name: n for name, n in day["facets"].items() if n} == {"status:done": 1}

    def test_by_many_at_once_loses_none(self):
        identity = ObjectId(submit().analysis_id)

        def touch(number):
            fields = {"subject": f"Number {number}"}
            transact(lambda session: analyses.change(identity, fields, session))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(touch, range(8)))
        assert rows()[0]["revision"] == 9

    def test_of_nothing_changes_nothing(self):
        changed = transact(lambda s: analyses.change(ObjectId(), {"status": "done"}, s))

        assert changed is None
        assert by_day() == {}
