"""Several analyses at once: each succeeds or fails by itself, and all is counted."""

from datetime import timedelta

import pytest
from bson import ObjectId

from dashboard.documents import connection
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.transactions import Interfered
from dashboard.services import analyses, bulk, counting
from dashboard.services.analyses import Category, Decision
from dashboard.services.audit import Actor
from dashboard.services.bulk import Choice
from dashboard.services.exports import Format
from tests import factories
from tests.factories import examined

NOTE = "The same campaign."
PHISHING = {"verdict": Decision.PHISHING, "category": Category.SCAM, "note": NOTE}
AUDIT = {"analysis:judge", "analysis:repeat", "analysis:delete"}


@pytest.fixture
def account(app, database):
    return factories.account("analyst")


@pytest.fixture
def who(account):
    return Actor(account.username, account.id, request_id="req_1")


def row_of(identity):
    return stored()["email_analyses"].find_one({"_id": ObjectId(identity)})


def picked(*identities, version=1):
    return [Choice(ObjectId(identity), version) for identity in identities]


def many(count=100, **fields):
    """So many examined messages, spread over three days."""
    at = now()
    return [
        examined(received_at=at - timedelta(hours=n % 60), **fields)
        for n in range(count)
    ]


def events():
    return [row for row in stored()["audit_logs"].find({}) if row["action"] in AUDIT]


def reasons(outcome):
    return {each.id: each.reason for each in outcome.refused}


def commands(work):
    """How many commands the work sends to the database."""
    sent = []
    stop = connection.monitor.observe(lambda name, _target: sent.append(name))
    try:
        work()
    finally:
        stop()
    return len(sent)


class TestHundred:
    def test_are_judged_in_one_step_with_an_event_each(self, account, who):
        ids = many()
        outcome = bulk.judge(picked(*ids), account, who, **PHISHING)

        assert [str(row["_id"]) for row in outcome.done] == ids
        assert not outcome.refused
        rows = [row_of(identity) for identity in ids]
        assert {row["decision"]["verdict"] for row in rows} == {"phishing"}
        assert {row["version"] for row in rows} == {2}
        assert sorted(row["object_id"] for row in events()) == sorted(ids)
        assert counting.differences() == []

    def test_are_asked_for_again_with_a_job_each(self, account, who, monkeypatch):
        ids, asked = many(), []
        enqueue = lambda job, *given: asked.append((job, given))  # noqa: E731
        monkeypatch.setattr(bulk.queue, "enqueue", enqueue)
        bulk.repeat(picked(*ids), account, who)

        jobs = list(stored()["analysis_jobs"].find({"state": "queued", "run": 2}))
        assert sorted(str(job["analysis_id"]) for job in jobs) == sorted(ids)
        assert sorted(given[0] for _job, given in asked) == sorted(
            str(job["_id"]) for job in jobs
        )
        assert {row_of(identity)["status"] for identity in ids} == {"pending"}
        assert counting.differences() == []

    def test_cost_a_few_commands_and_not_some_for_each(self, account, who):
        few, all_ = many(2), many()
        costs = [
            commands(lambda ids=ids: bulk.judge(picked(*ids), account, who, **PHISHING))
            for ids in (few, all_)
        ]

        assert costs[1] <= costs[0] + 3  # the days they were received on
        assert costs[1] <= 10


class TestEach:
    def test_that_may_not_be_seen_is_not_found_and_stays(self, app, who):
        viewer = factories.account("viewer")
        mine, theirs = examined(viewer), examined()
        outcome = bulk.judge(picked(mine, theirs), viewer, who, **PHISHING)

        assert [str(row["_id"]) for row in outcome.done] == [mine]
        assert reasons(outcome) == {theirs: bulk.NOT_FOUND}
        assert outcome.refused[0].subject == ""
        assert row_of(theirs)["decision"] == {}

    def test_that_does_not_exist_looks_the_same(self, account, who):
        outcome = bulk.repeat(picked("0" * 24), account, who)

        assert reasons(outcome) == {"0" * 24: bulk.NOT_FOUND}

    @pytest.mark.parametrize("status", ["pending", "running"])
    def test_under_way_is_not_asked_for_again(self, account, who, status):
        busy, free = examined(status=status, subject="Busy"), examined()
        outcome = bulk.repeat(picked(busy, free), account, who)

        assert reasons(outcome) == {busy: analyses.UNDER_WAY}
        assert outcome.refused[0].subject == "Busy"
        assert [str(row["_id"]) for row in outcome.done] == [free]
        assert row_of(busy)["run"] == 1

    def test_judged_by_somebody_since_is_left_to_them(self, account, who):
        free, theirs = examined(), examined()
        other = Actor("other", "other")
        legitimate = {"verdict": Decision.LEGITIMATE, "category": None, "note": ""}
        bulk.judge(picked(theirs), account, other, **legitimate)
        outcome = bulk.judge(picked(free, theirs), account, who, **PHISHING)

        assert reasons(outcome) == {theirs: analyses.JUDGED_MEANWHILE}
        assert row_of(theirs)["decision"]["verdict"] == "legitimate"
        assert row_of(free)["decision"]["verdict"] == "phishing"

    def test_named_twice_is_done_once(self, account, who):
        identity = examined()
        outcome = bulk.judge(picked(identity, identity), account, who, **PHISHING)

        assert len(outcome.done) == len(events()) == 1


class TestTwice:
    def test_the_same_verdict_is_one_and_no_refusal(self, account, who):
        chosen = picked(*many(3))
        for _click in range(2):
            outcome = bulk.judge(chosen, account, who, **PHISHING)

        assert len(outcome.done) == 3
        assert not outcome.refused
        assert len(events()) == 3

    def test_asking_again_is_refused_while_it_is_read(self, account, who):
        chosen = picked(*many(3))
        for _click in range(2):
            outcome = bulk.repeat(chosen, account, who)

        assert set(reasons(outcome).values()) == {analyses.UNDER_WAY}
        assert stored()["analysis_jobs"].count_documents({}) == 3


class TestInterference:
    def test_of_one_fails_that_one_alone(self, account, who, monkeypatch):
        bad, *good = many(4)
        real = analyses.change_all

        def change_all(changed, session):
            pairs = list(changed)
            if any(str(row["_id"]) == bad for row, _fields in pairs):
                raise Interfered
            return real(pairs, session)

        monkeypatch.setattr(analyses, "change_all", change_all)
        outcome = bulk.judge(picked(bad, *good), account, who, **PHISHING)

        assert reasons(outcome) == {bad: bulk.IN_USE}
        assert [str(row["_id"]) for row in outcome.done] == good
        assert len(events()) == 3
        assert counting.differences() == []

    def test_leaves_neither_a_change_nor_an_event(self, account, who, monkeypatch):
        identity = examined()

        def broken(*_given):
            raise RuntimeError

        monkeypatch.setattr(bulk, "record_each", broken)
        with pytest.raises(RuntimeError):
            bulk.judge(picked(identity), account, who, **PHISHING)

        assert row_of(identity)["decision"] == {}
        assert counting.differences() == []


class TestExport:
    def test_holds_the_chosen_in_their_order_and_is_recorded(self, account, who):
        first, second = examined(subject="First"), examined(subject="=1+1")
        found = bulk.look(picked(second, first), account)
        lines = bulk.export(found.done, Format.CSV, who).decode().splitlines()

        assert lines[0].startswith("id,received_at,subject")
        assert [line.split(",")[0] for line in lines[1:]] == [second, first]
        assert "'=1+1" in lines[1]
        event = stored()["audit_logs"].find_one({"action": "export:create"})
        assert event["metadata"]["analyses"] == [second, first]
        assert event["metadata"]["rows"] == 2
