"""Jobs: one holder at a time, one result, whoever is killed meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.context import Context
from dashboard.domain.statuses import JobState
from dashboard.services import counting, examinations, queue
from dashboard.services.jobs import Job
from dashboard.tasks import HARD_SECONDS
from tests import factories


@pytest.fixture(autouse=True)
def empty(database):
    """Every test begins without a job."""


@pytest.fixture
def sent(monkeypatch):
    """What was asked of the broker."""
    asked = []
    monkeypatch.setattr(
        queue.current_app,
        "send_task",
        lambda name, args, **_: asked.append((name, args)),
    )
    return asked


@pytest.fixture
def job():
    """The id of a queued job, with the analysis it is for."""
    analysis = ObjectId(factories.submitted(factories.account("analyst")))
    return str(stored()["analysis_jobs"].find_one({"analysis_id": analysis})["_id"])


def nothing(*_):
    """What a claim or a result stores in these tests."""


def row(job):
    return stored()["analysis_jobs"].find_one({"_id": ObjectId(job)})


def claim(job, task="task"):
    return queue.claim(job, task)


def end(job, *, counted, reason="It crashed."):
    ends = {"returned": nothing, "died": nothing}
    return queue.end_attempt(row(job), counted=counted, reason=reason, **ends)


class TestClaim:
    def test_takes_a_queued_job_with_a_lease_and_a_fence(self, job):
        mine = claim(job)

        held = row(job)
        assert (held["state"], held["fence"], mine.fence) == ("running", 1, 1)
        assert held["lease_until"] > now()
        assert held["task_id"] == "task"

    def test_of_a_job_that_is_taken_is_refused(self, job):
        claim(job)

        assert claim(job, "other") is None
        assert row(job)["task_id"] == "task"

    def test_of_an_unknown_job_is_refused(self):
        assert claim(str(ObjectId())) is None

    def test_has_one_owner_however_many_try_at_once(self):
        owner = factories.account("analyst")
        together = Barrier(2)

        def take(job):
            together.wait()
            return claim(job)

        with ThreadPoolExecutor(2) as pool:
            for _ in range(40):
                factories.submitted(owner)
                job = str(
                    stored()["analysis_jobs"].find_one({"state": "queued"})["_id"]
                )
                claims = [c for c in pool.map(take, [job, job]) if c]
                assert (len(claims), row(job)["fence"]) == (1, 1)

    def test_raises_the_fence_each_time(self, job, sent):
        fences = []
        for _ in range(3):
            fences.append(claim(job).fence)
            end(job, counted=False)

        assert fences == sorted(set(fences))


class TestFence:
    def test_refuses_the_result_of_whoever_lost_the_job(self, job, sent):
        zombie = claim(job, "first")
        end(job, counted=False)
        heir = claim(job, "second")

        written = []
        assert queue.finish(zombie, lambda _: written.append("zombie")) is False
        assert queue.finish(heir, lambda _: written.append("heir")) is True
        assert written == ["heir"]

    def test_refuses_a_second_result(self, job):
        mine = claim(job)

        assert queue.finish(mine, nothing) is True
        assert queue.finish(mine, nothing) is False

    def test_refuses_a_result_once_the_job_waits_again(self, job, sent):
        mine = claim(job)
        end(job, counted=False)

        assert queue.finish(mine, nothing) is False
        assert row(job)["state"] == "queued"

    def test_stores_all_of_a_result_or_none(self, job):
        mine = claim(job)

        def fail(session):
            stored()["messages"].insert_one({"_id": "half"}, session=session)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            queue.finish(mine, fail)
        assert row(job)["state"] == "running"
        assert stored()["messages"].find_one({"_id": "half"}) is None


class TestLease:
    def test_outlasts_the_time_limit_of_a_task(self):
        assert queue.LEASE.total_seconds() > HARD_SECONDS
        assert queue.LEASE.total_seconds() > queue.BEAT_SECONDS * 3

    def test_is_kept_while_the_work_goes_on(self, job, monkeypatch):
        monkeypatch.setattr(queue, "BEAT_SECONDS", 0.02)
        mine = claim(job)
        before = row(job)["lease_until"]

        with queue.heartbeat(mine):
            time.sleep(0.2)

        assert row(job)["lease_until"] > before
        assert row(job)["heartbeat_at"] is not None

    def test_of_slow_work_never_runs_out(self, job, monkeypatch, sent):
        monkeypatch.setattr(queue, "BEAT_SECONDS", 0.02)
        mine = claim(job)
        with queue.heartbeat(mine):
            stored()["analysis_jobs"].update_one({}, {"$set": {"lease_until": now()}})
            time.sleep(0.2)
            examinations.sweep("worker")

        assert queue.finish(mine, nothing) is True

    def test_that_somebody_else_took_is_not_renewed(self, job, sent):
        mine = claim(job, "first")
        end(job, counted=False)
        claim(job, "second")

        assert queue.renew(mine) is False

    def test_that_ran_out_brings_the_job_back(self, job, sent):
        claim(job)
        stored()["analysis_jobs"].update_one({}, {"$set": {"lease_until": now()}})
        time.sleep(0.01)
        sent.clear()

        examinations.sweep("worker")

        assert row(job)["state"] == "queued"
        assert sent == [(Job.EXAMINE, (job,))]

    def test_that_ends_in_this_very_millisecond_has_run_out(self, job, monkeypatch):
        at = now()
        held = {"state": "running", "lease_until": at}
        stored()["analysis_jobs"].update_one({"_id": ObjectId(job)}, {"$set": held})
        monkeypatch.setattr(queue, "now", lambda: at)

        assert [str(row["_id"]) for row in queue.expired()] == [job]

    def test_that_runs_is_left_alone(self, job, sent):
        claim(job)
        examinations.sweep("worker")

        assert row(job)["state"] == "running"


class TestWorkThatLasts:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch):
        monkeypatch.setattr(queue, "SLOW_SECONDS", 0.02)

    def test_is_told_once_it_has_lasted(self, job):
        told = []
        with queue.heartbeat(claim(job), lambda _: told.append("it lasts")):
            time.sleep(0.2)

        assert told == ["it lasts"]
        assert row(job)["state"] == "running"

    def test_is_not_told_of_what_is_over_before(self, job, monkeypatch):
        monkeypatch.setattr(queue, "SLOW_SECONDS", 0.3)
        told = []
        with queue.heartbeat(claim(job), lambda _: told.append("it lasts")):
            pass
        time.sleep(0.4)

        assert told == []

    def test_is_not_told_by_whoever_lost_the_job(self, job, sent):
        mine, told = claim(job, "first"), []
        end(job, counted=False)
        claim(job, "second")
        with queue.heartbeat(mine, lambda _: told.append("it lasts")):
            time.sleep(0.2)

        assert told == []

    def test_leaves_no_session_open(self, job):
        before = stored()["open_sessions"].count_documents({})
        with queue.heartbeat(claim(job)):
            time.sleep(0.2)

        assert stored()["open_sessions"].count_documents({}) == before

    def test_shows_that_the_message_is_being_read(self, job, monkeypatch):
        read, seen = examinations._examine, []

        def slowly(*given):
            time.sleep(0.3)
            seen.append(stored()["email_analyses"].find_one({})["status"])
            return read(*given)

        monkeypatch.setattr(examinations, "_examine", slowly)
        examinations.run(job, "task", Context())

        assert seen == ["running"]
        assert stored()["email_analyses"].find_one({})["status"] == "done"
        assert counting.differences() == []

    def test_keeps_its_fence(self, job):
        mine = claim(job)
        with queue.heartbeat(mine):
            time.sleep(0.2)

        assert queue.finish(mine, nothing) is True


class TestAttempts:
    def test_are_counted_when_the_job_itself_ended_them(self, job, sent):
        claim(job)
        end(job, counted=True)

        assert (row(job)["attempts"], row(job)["losses"]) == (1, 0)

    def test_are_not_counted_when_the_worker_was_killed(self, job, sent):
        for _ in range(5):
            claim(job)
            assert end(job, counted=False) is JobState.QUEUED

        assert (row(job)["attempts"], row(job)["losses"]) == (0, 5)

    def test_end_after_three_with_a_dead_job_that_says_why(self, job, sent):
        states = []
        for _ in range(3):
            claim(job, "task")
            states.append(end(job, counted=True, reason="It crashed."))

        assert states == [JobState.QUEUED, JobState.QUEUED, JobState.DEAD]
        assert row(job)["reason"] == "It crashed."
        assert claim(job) is None

    def test_end_some_day_even_when_only_workers_die(self, job, sent):
        for _ in range(queue.MAX_LOSSES):
            claim(job)
            last = end(job, counted=False)

        assert last is JobState.DEAD

    def test_of_a_dead_job_fail_the_analysis_and_are_never_called_clean(
        self, job, sent
    ):
        for number in range(3):
            claim(job, f"task {number}")
            counted = {"counted": True, "reason": "Reading took too long."}
            examinations.give_back(job, f"task {number}", **counted)

        analysis = stored()["email_analyses"].find_one({})
        assert analysis["status"] == "failed"
        assert analysis["failure"] == "Reading took too long."
        assert (analysis["verdict"], analysis["threat_level"]) == (None, None)
        assert stored()["audit_logs"].find_one({"action": "analysis:fail"})

    def test_are_ended_once_by_two_who_noticed(self, job, sent):
        claim(job)
        seen = row(job)
        ends = {"counted": True, "reason": "", "returned": nothing, "died": nothing}

        assert queue.end_attempt(seen, **ends) is JobState.QUEUED
        assert queue.end_attempt(seen, **ends) is None
        assert row(job)["attempts"] == 1

    def test_are_given_back_only_by_the_task_that_made_them(self, job, sent):
        claim(job, "mine")
        examinations.give_back(job, "other", counted=True, reason="x")

        assert row(job)["state"] == "running"


class TestDelivery:
    def test_asks_again_for_a_job_whose_message_was_lost(self, job, sent):
        overdue = {"$set": {"lease_until": factories.later(seconds=-1)}}
        stored()["analysis_jobs"].update_one({}, overdue)
        sent.clear()

        assert queue.send_unseen() == 1
        assert sent == [(Job.EXAMINE, (job,))]

    def test_asks_once_in_a_while_only(self, job, sent):
        overdue = {"$set": {"lease_until": factories.later(seconds=-1)}}
        stored()["analysis_jobs"].update_one({}, overdue)
        queue.send_unseen()

        assert queue.send_unseen() == 0

    def test_leaves_alone_what_was_just_sent(self, job, sent):
        assert queue.send_unseen() == 0

    def test_of_many_jobs_to_two_workers_runs_each_once(self, sent):
        owner = factories.account("analyst")
        for _ in range(30):
            factories.submitted(owner)
        names = [str(row["_id"]) for row in stored()["analysis_jobs"].find({})]

        def work(worker):
            claims = [claim(name, worker) for name in names]
            return sum(queue.finish(mine, nothing) for mine in claims if mine)

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(work, ["one", "two"])) == 30
        assert {row(name)["state"] for name in names} == {"done"}
