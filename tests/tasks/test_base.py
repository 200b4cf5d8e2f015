"""How the end of a task is told from the end of its worker."""

import pytest
from billiard.exceptions import (
    SoftTimeLimitExceeded,
    TimeLimitExceeded,
    WorkerLostError,
)
from bson import ObjectId
from pymongo.errors import AutoReconnect

from dashboard.documents.connection import database as stored
from dashboard.services import examinations, queue
from dashboard.services.jobs import Job
from dashboard.tasks import HARD_SECONDS, SOFT_SECONDS, base, lifecycle
from tests import factories

LOST = WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL) Job: 3.")
CRASH = WorkerLostError("Worker exited prematurely: signal 11 (SIGSEGV) Job: 3.")


@pytest.fixture
def job(app, database, monkeypatch):
    """The id of a job that the task "mine" has claimed."""
    monkeypatch.setattr(queue.current_app, "send_task", lambda *_a, **_k: None)
    analysis = ObjectId(factories.submitted(factories.account("analyst")))
    found = stored()["analysis_jobs"].find_one({"analysis_id": analysis})
    queue.claim(str(found["_id"]), "mine")
    return str(found["_id"])


def row(job):
    return stored()["analysis_jobs"].find_one({"_id": ObjectId(job)})


def fail(job, error, name=Job.EXAMINE):
    task = base.JobTask()
    task.name = name
    task.on_failure(error, "mine", (job,), {}, None)


class TestParent:
    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            pytest.param(LOST, "lost", id="killed from outside"),
            pytest.param(CRASH, "counted", id="crashed by itself"),
            pytest.param(TimeLimitExceeded(10), "counted", id="too slow"),
        ],
    )
    def test_counts_what_the_job_did_to_itself(self, error, kind):
        assert base._verdict_on(error)[0] == kind

    def test_says_why_in_words(self):
        assert base._verdict_on(TimeLimitExceeded(10))[1] == base.TOO_SLOW
        assert base._verdict_on(CRASH)[1] == base.CRASHED
        assert base._verdict_on(LOST)[1] == examinations.LOST


class TestChild:
    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            pytest.param(MemoryError(), base.TOO_BIG, id="no memory left"),
            pytest.param(RecursionError(), base.BROKE, id="unforeseen"),
        ],
    )
    def test_gives_the_job_back_at_once_and_counts_it(self, job, error, reason):
        fail(job, error)

        found = row(job)
        assert (found["state"], found["attempts"]) == ("queued", 1)
        assert found["reason"] == reason

    def test_counts_a_time_limit_only_while_it_reads(self, job, monkeypatch):
        fail(job, SoftTimeLimitExceeded())

        assert (row(job)["attempts"], row(job)["losses"]) == (0, 1)

    def test_counts_a_time_limit_while_it_reads(self, job, monkeypatch):
        monkeypatch.setattr(examinations, "is_reading", lambda: True)
        fail(job, SoftTimeLimitExceeded())

        assert (row(job)["attempts"], row(job)["reason"]) == (1, base.TOO_SLOW)

    @pytest.mark.parametrize("error", [AutoReconnect(), LOST, TimeLimitExceeded(1)])
    def test_leaves_to_the_lease_what_it_cannot_tell(self, job, error):
        fail(job, error)

        assert row(job)["state"] == "running"

    def test_gives_back_nothing_for_another_task(self, job):
        fail(job, MemoryError(), name=Job.SWEEP)

        assert row(job)["state"] == "running"


def test_limits_end_a_job_before_its_lease_does():
    assert SOFT_SECONDS < HARD_SECONDS < queue.LEASE.total_seconds()


def test_a_child_may_take_a_gigabyte_at_most():
    assert lifecycle.MEMORY_LIMIT <= 2**30
