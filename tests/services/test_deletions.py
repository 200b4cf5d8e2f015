"""Deleting analyses: what goes with them, what stays, and that all is counted."""

import pytest
from bson import ObjectId

from dashboard.documents import schema
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import (
    analyses,
    archives,
    bulk,
    counting,
    deletions,
    examinations,
    files,
    messages,
    queue,
)
from dashboard.services.audit import Actor
from dashboard.services.bulk import Choice
from dashboard.services.messages import MessageLost
from dashboard.tasks import upkeep
from tests import factories
from tests.web.examined import SMUGGLER, SPOOF, examined, message, run

REASON = "Sent to us by mistake."
# Shares of counters add up to nothing; `counting.differences` tells.
KEPT = {"audit_logs", "users", "open_sessions", "daily_counters"}


@pytest.fixture
def account(app, database):
    return factories.account("manager")


@pytest.fixture
def other(app, database):
    return factories.account("analyst")


def row_of(identity):
    return stored()["email_analyses"].find_one({"_id": ObjectId(identity)})


def delete(account, *identities, **versions):
    chosen = [Choice(ObjectId(i), versions.get(i, 1)) for i in identities]
    who = Actor(account.username, account.id)
    return bulk.delete(chosen, account, who, reason=REASON)


def held():
    """How many rows each collection has, of those a deletion may leave none in."""
    counts = {n: stored()[n].count_documents({}) for n in schema.names()}
    return {n: count for n, count in counts.items() if count and n not in KEPT}


def grow_old():
    """Attachments were met longer ago than any examination takes."""
    old = {"$set": {"kept_at": now() - archives.UNNAMED_FOR * 2}}
    stored()["attachment_archives"].update_many({}, old)


@pytest.fixture
def large(monkeypatch):
    """What is stored is too large to stand in its row."""
    monkeypatch.setattr(files, "SMALL", -1)


class TestEverything:
    @pytest.mark.usefixtures("large")
    def test_in_files_is_gone_too(self, account):
        ids = [examined(account, SMUGGLER), examined(account, SPOOF)]
        assert {"fs.files", "fs.chunks"} <= set(held())
        delete(account, *ids)
        grow_old()
        deletions.tidy()

        assert held() == {}

    def test_that_was_stored_because_of_it_is_gone(self, account):
        ids = [examined(account, SMUGGLER), examined(account, SPOOF)]
        assert {"sightings", "threat_intelligence", "messages"} <= set(held())
        delete(account, *ids)
        grow_old()
        deletions.tidy()

        assert held() == {}
        assert counting.differences() == []

    def test_of_many_goes_in_one_request(self, account):
        ids = [factories.submitted(account) for _ in range(20)]
        outcome = delete(account, *ids)
        deletions.tidy()

        assert len(outcome.done) == 20
        assert held() == {}
        assert counting.differences() == []

    def test_leaves_an_event_without_what_the_sender_wrote(self, account):
        identity = examined(account)
        subject = row_of(identity)["subject"]
        delete(account, identity)

        event = stored()["audit_logs"].find_one({"action": "analysis:delete"})
        assert event["object_id"] == identity
        assert event["metadata"]["reason"] == REASON
        assert event["metadata"]["before"]["verdict"] == "malicious"
        assert subject not in str(event)

    def test_may_be_submitted_anew(self, account):
        identity = examined(account)
        delete(account, identity)
        deletions.tidy()

        again = examined(account)
        assert again != identity
        assert row_of(again)["status"] == "done"


class TestOthers:
    def test_keep_the_message_they_submitted_too(self, account, other):
        mine, theirs = examined(account, SMUGGLER), examined(other, SMUGGLER)
        delete(account, mine)
        grow_old()
        deletions.tidy()

        row = row_of(theirs)
        assert messages.load(row["sha256"]) == message(SMUGGLER)
        (sealed,) = stored()["attachment_archives"].find({})
        assert archives.load(sealed["_id"])
        assert stored()["message_views"].count_documents({}) == 1
        assert counting.differences() == []

    def test_keep_the_indicators_their_messages_hold(self, account, other):
        mine, theirs = examined(account), examined(other)
        delete(account, mine)
        deletions.tidy()

        of = {"analysis_id": ObjectId(theirs)}
        keys = {row["key"] for row in stored()["sightings"].find(of)}
        known = {row["key"] for row in stored()["threat_intelligence"].find({})}
        assert keys
        assert keys <= known

    def test_who_submit_the_same_meanwhile_keep_its_bytes(
        self, account, other, monkeypatch
    ):
        mine = examined(account)
        real, turns = messages.prepare, []

        def prepare(raws):
            turns.append(real(raws))
            if len(turns) == 1:  # stored already; deleted before it is named
                assert turns[0].new == []
                delete(account, mine)
                deletions.tidy()
            return turns[-1]

        monkeypatch.setattr(messages, "prepare", prepare)
        theirs = factories.submitted(other, message(SPOOF))

        assert len(turns) == 2
        run(theirs)
        assert row_of(theirs)["status"] == "done"

    def test_cannot_name_bytes_that_are_gone(self, account):
        def work(session):
            messages.hold(["0" * 64], session)

        with pytest.raises(MessageLost):
            analyses.transact(work)


class TestRefusal:
    def test_of_a_message_that_is_being_read(self, account):
        identity = factories.examined(account, status="running")
        outcome = delete(account, identity)

        assert [each.reason for each in outcome.refused] == [bulk.BEING_READ]
        assert row_of(identity)

    def test_of_a_message_a_worker_has_just_claimed(self, account):
        identity = factories.submitted(account)
        queue.claim(str(stored()["analysis_jobs"].find_one({})["_id"]), "task")
        outcome = delete(account, identity)

        assert [each.reason for each in outcome.refused] == [bulk.BEING_READ]
        assert row_of(identity)["status"] == "pending"

    def test_of_one_that_was_judged_since(self, account):
        identity = factories.examined(account, version=2)
        outcome = delete(account, identity)

        assert outcome.refused[0].reason == analyses.JUDGED_MEANWHILE
        assert row_of(identity)

    def test_of_what_is_gone_already(self, account):
        identity = factories.examined(account)
        delete(account, identity)
        outcome = delete(account, identity)

        assert outcome.refused[0].reason == bulk.NOT_FOUND
        gone = {"action": "analysis:delete"}
        assert stored()["audit_logs"].count_documents(gone) == 1
        assert counting.differences() == []


class TestMessageThatWaits:
    def test_is_not_read_any_more(self, account):
        identity = factories.submitted(account)
        job = stored()["analysis_jobs"].find_one({})
        delete(account, identity)
        examinations.run(str(job["_id"]), "task", examinations.Context())

        assert row_of(identity) is None
        assert stored()["analysis_receipts"].count_documents({}) == 0


class TestTidying:
    @pytest.mark.usefixtures("large")
    def test_is_asked_of_a_worker_at_once(self, account, monkeypatch):
        asked = []
        enqueue = lambda job, *_given: asked.append(job)  # noqa: E731
        monkeypatch.setattr(bulk.queue, "enqueue", enqueue)
        identity = examined(account)
        asked.clear()
        delete(account, identity)
        assert asked == [upkeep.tidy.name]
        upkeep.tidy()

        assert stored()["loose_ends"].count_documents({}) == 0
        assert stored()["fs.files"].count_documents({}) == 0

    def test_that_takes_too_long_is_asked_for_again(self, account, monkeypatch):
        asked = []
        delete(account, examined(account))
        monkeypatch.setattr(deletions, "TIDY_SECONDS", -1.0)
        monkeypatch.setattr(deletions.queue, "enqueue", asked.append)
        deletions.tidy()

        assert asked == [upkeep.tidy.name]
        assert stored()["loose_ends"].count_documents({}) == 1

    @pytest.mark.usefixtures("large")
    def test_waits_for_attachments_that_a_worker_may_be_about_to_name(self, account):
        delete(account, examined(account, SMUGGLER))
        deletions.tidy()
        assert stored()["attachment_archives"].count_documents({}) == 1
        assert stored()["fs.files"].count_documents({}) == 1
        grow_old()
        deletions.tidy()

        assert held() == {}

    def test_may_be_cut_short_and_done_again(self, account, monkeypatch):
        def killed(_keys):
            raise SystemExit

        delete(account, examined(account))
        with monkeypatch.context() as broken:
            broken.setattr(deletions.indicators, "drop_unseen", killed)
            with pytest.raises(SystemExit):
                deletions.tidy()
        deletions.tidy()

        assert stored()["threat_intelligence"].count_documents({}) == 0
        assert stored()["loose_ends"].count_documents({}) == 0
