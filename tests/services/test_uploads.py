"""Containers on their way to analyses: in slices, once each, whoever is killed."""

import io

import pytest

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.domain import containers
from dashboard.services import unpacking, uploads
from dashboard.services.analyses import Accepted, Refused, TooLarge
from dashboard.services.audit import Actor
from dashboard.services.uploads import Given, Limits
from tests import factories
from tests.containers import archive, mbox

LIMITS = Limits(100_000, 10_000_000)
SOMEBODY = Actor("somebody", "0" * 24)
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200

pytestmark = pytest.mark.usefixtures("database")


def given(content, name="box.mbox", source="upload"):
    return Given(io.BytesIO(content), source, name)


def opened(content, actor=SOMEBODY):
    return uploads.take_in(given(content), actor, LIMITS).upload_id


def unpacked(content):
    upload_id = opened(content)
    work_on(upload_id)
    return row(upload_id)


def work_on(upload_id):
    for _ in range(50):
        if row(upload_id)["state"] in {"done", "failed"}:
            return
        unpacking.unpack(upload_id, LIMITS)


def row(upload_id):
    return next(r for r in stored()["uploads"].find({}) if str(r["_id"]) == upload_id)


def entries():
    return list(stored()["upload_entries"].find({}).sort("number"))


def analyses():
    return list(stored()["email_analyses"].find({}))


def messages(count):
    return [factories.eml(f"number {n}") for n in range(count)]


def age(**fields):
    stored()["uploads"].update_one({}, {"$set": {"lease_until": BEGINNING}})


@pytest.fixture
def slices(monkeypatch):
    """Every slice ends after its first entry."""
    monkeypatch.setattr(unpacking, "SLICE_SECONDS", -1.0)


class TestDoor:
    def test_takes_a_message_as_an_analysis(self):
        taken = uploads.take_in(given(factories.eml(), "a.eml"), SOMEBODY, LIMITS)

        assert isinstance(taken, Accepted)
        assert (analyses()[0]["source"], analyses()[0]["file_name"]) == (
            "upload",
            "a.eml",
        )

    def test_reads_nothing_of_a_container_but_its_beginning(self):
        row_ = row(opened(mbox(*messages(3))))

        assert (row_["state"], row_["kind"], row_["seen"]) == ("waiting", "mailbox", 0)
        assert analyses() == []

    def test_takes_the_same_container_of_one_person_once(self):
        content = mbox(*messages(2))
        first, again = (
            opened(content),
            uploads.take_in(given(content), SOMEBODY, LIMITS),
        )

        assert (again.upload_id, again.is_new) == (first, False)
        assert opened(content, Actor("other", "1" * 24)) != first

    def test_refuses_a_container_above_its_limit(self):
        small = Limits(100_000, 1000)
        with pytest.raises(TooLarge):
            uploads.take_in(given(mbox(*messages(20))), SOMEBODY, small)

        assert stored()["uploads"].find_one({}) is None
        assert stored()["fs.files"].find_one({}) is None

    def test_refuses_a_message_above_its_limit(self):
        raw = factories.eml(body="x" * 2000)
        with pytest.raises(TooLarge):
            uploads.take_in(given(raw, "a.eml"), SOMEBODY, Limits(1000, 10_000))

    def test_refuses_what_is_neither(self):
        with pytest.raises(Refused, match="Windows program"):
            uploads.take_in(given(PROGRAM), SOMEBODY, LIMITS)

    def test_writes_who_handed_it_in(self):
        opened(mbox(*messages(1)))

        event = stored()["audit_logs"].find_one({"action": "upload:store"})
        assert (event["actor"], event["object_type"]) == ("somebody", "upload")


class TestUnpacking:
    def test_makes_each_message_an_analysis_of_its_own(self):
        done = unpacked(mbox(*messages(30)))

        assert (done["state"], done["seen"], done["accepted"]) == ("done", 30, 30)
        assert len(analyses()) == 30
        assert {each["user_id"] for each in analyses()} == {SOMEBODY.user_id}
        assert [each["number"] for each in entries()] == [*range(1, 31)]

    def test_refuses_entries_one_by_one(self):
        done = unpacked(archive({"a.exe": PROGRAM, "b.eml": factories.eml()}))

        assert (done["accepted"], done["refused"]) == (1, 1)
        assert "a Windows program" in entries()[0]["reason"]
        assert entries()[1]["analysis_id"] == str(analyses()[0]["_id"])

    def test_knows_a_message_that_was_submitted_before(self):
        raw = factories.eml()
        done = unpacked(mbox(raw, raw, factories.eml()))

        assert (done["accepted"], done["known"]) == (2, 1)

    def test_goes_on_where_the_slice_before_ended(self, slices):
        done = unpacked(mbox(*messages(5)))

        assert (done["seen"], done["accepted"], len(analyses())) == (5, 5, 5)

    def test_stops_at_as_many_entries_as_are_taken(self, monkeypatch):
        monkeypatch.setattr(unpacking, "MAX_ENTRIES", 3)
        done = unpacked(mbox(*messages(5)))

        assert (done["state"], done["seen"], done["is_cut"]) == ("done", 3, True)

    def test_drops_the_bytes_of_the_container(self):
        done = unpacked(archive({"a.eml": PROGRAM}))

        assert done["file_id"] is None
        assert stored()["fs.files"].find_one({"filename": "uploads"}) is None

    def test_of_what_cannot_be_read_ends_with_the_reason(self):
        content = archive({"a.eml": factories.eml()})[:-30]
        done = unpacked(content)

        assert (done["state"], done["reason"]) == ("failed", containers.UNREADABLE)
        assert opened(content) != str(done["_id"]), "it may be tried again"

    def test_writes_how_it_ended(self):
        unpacked(mbox(*messages(2)))

        event = stored()["audit_logs"].find_one({"action": "upload:unpack:success"})
        assert event["metadata"]["accepted"] == 2


class TestDeath:
    def test_in_the_middle_loses_nothing_and_takes_nothing_twice(self, monkeypatch):
        upload_id = opened(mbox(*messages(8)))
        for number in (3, 6):
            die_at(monkeypatch, number)
            with pytest.raises(Killed):
                unpacking.unpack(upload_id, LIMITS)
            age()
            monkeypatch.undo()
            unpacking.sweep()
        work_on(upload_id)

        done = row(upload_id)
        assert (done["seen"], done["accepted"], done["known"]) == (8, 8, 0)
        assert len(analyses()) == len(entries()) == 8

    def test_before_it_is_noted_takes_nothing_twice(self, monkeypatch):
        upload_id = opened(mbox(*messages(4)))
        monkeypatch.setattr(unpacking, "_entries", die)
        with pytest.raises(Killed):
            unpacking.unpack(upload_id, LIMITS)
        assert len(analyses()) == 4
        monkeypatch.undo()
        age()
        unpacking.sweep()
        work_on(upload_id)

        done = row(upload_id)
        assert (done["accepted"], done["known"], len(analyses())) == (4, 0, 4)

    def test_of_a_worker_is_seen_by_its_lease(self, monkeypatch):
        upload_id = opened(mbox(*messages(2)))
        die_at(monkeypatch, 1)
        with pytest.raises(Killed):
            unpacking.unpack(upload_id, LIMITS)
        unpacking.sweep()
        assert row(upload_id)["state"] == "working"
        age()
        unpacking.sweep()

        assert row(upload_id)["state"] == "waiting"

    def test_takes_the_right_to_write_from_whoever_was_slow(self, monkeypatch):
        upload_id = opened(mbox(*messages(3)))

        def overtaken(*arguments):
            age()
            unpacking.sweep()
            monkeypatch.undo()
            take(*arguments)

        monkeypatch.setattr(unpacking, "_take", overtaken)
        unpacking.unpack(upload_id, LIMITS)

        assert (row(upload_id)["state"], row(upload_id)["seen"]) == ("waiting", 0)

    def test_at_the_same_file_every_time_refuses_that_file(self, monkeypatch):
        files = {f"{n}.eml": raw for n, raw in enumerate(messages(3))}
        upload_id = opened(archive(files))
        die_at(monkeypatch, 2)
        for _ in range(10):
            if row(upload_id)["state"] == "waiting":
                with pytest.raises(Killed):
                    unpacking.unpack(upload_id, LIMITS)
                age()
                unpacking.sweep()
            if row(upload_id)["refused"]:
                break
        monkeypatch.undo()
        work_on(upload_id)

        assert [bool(each["reason"]) for each in entries()] == [False, True, False]

    def test_of_every_attempt_on_a_mailbox_ends_it(self, monkeypatch):
        upload_id = opened(mbox(*messages(1)))
        die_at(monkeypatch, 1)
        for _ in range(unpacking.MAX_ATTEMPTS):
            with pytest.raises(Killed):
                unpacking.unpack(upload_id, LIMITS)
            age()
            unpacking.sweep()

        assert row(upload_id)["reason"] == unpacking.CRASHED


class Killed(BaseException):
    """What ends a worker."""


take = unpacking._take


def die():
    raise Killed


def die_at(monkeypatch, number):
    """Let the process end at the entry of that number, before it is noted."""

    def taken(progress, entry):
        if progress.seen + 1 == number and entry.reason != unpacking.CRASHED:
            raise Killed
        take(progress, entry)

    monkeypatch.setattr(unpacking, "_take", taken)
