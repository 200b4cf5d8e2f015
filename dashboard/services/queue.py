"""Jobs: asked for once, claimed by one, finished once, whoever is killed meanwhile."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pymongo
from bson import ObjectId
from celery import current_app
from kombu.exceptions import OperationalError
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered, leave, transact
from dashboard.domain.statuses import JobState
from dashboard.services.jobs import Job

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=15)  # longer than the hard time limit of a task
BEAT_SECONDS: Final = 4.0
SLOW_SECONDS: Final = 1.0  # what takes longer is shown as under way
TELL_SECONDS: Final = 2.0
DELIVERY: Final = timedelta(seconds=10)  # a queued job unseen for so long is sent again
MAX_ATTEMPTS: Final = 3
MAX_LOSSES: Final = 20  # a message that always dies with its worker ends some day
SWEEP_LIMIT: Final = 500

Stored = Callable[[ClientSession], None]  # what is written in one transaction


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to finish one job, until somebody else claims it."""

    job_id: ObjectId
    fence: int
    analysis_id: ObjectId
    run: int
    attempts: int
    requested_by: str
    ruleset: str = ""  # chosen for this run; else the current one of whoever runs it


def enqueue(job: Job, *arguments: str) -> None:
    """Ask a worker. A broker that is away is no loss: the sweep asks again."""
    try:
        current_app.send_task(job, args=arguments, retry=False)
    except (OperationalError, OSError):
        logger.warning("broker.unreachable %s", job)


def probe() -> dict[str, str]:
    """Ask the broker whether it takes messages."""
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
            return {"status": "ok", "transport": str(connection.transport_cls)}
    except (OperationalError, OSError):
        return {"status": "down", "transport": ""}


def new_job(
    analysis_id: ObjectId, run: int, *, requested_by: str, ruleset: str = ""
) -> dict[str, Any]:
    """A queued job, to be inserted in the transaction that makes it necessary."""
    at = now()
    return {
        "_id": ObjectId(),
        "analysis_id": analysis_id,
        "run": run,
        "state": JobState.QUEUED.value,
        "fence": 0,
        "attempts": 0,
        "losses": 0,
        "task_id": "",
        "lease_until": at + DELIVERY,
        "heartbeat_at": None,
        "reason": "",
        "requested_by": requested_by,
        "ruleset": ruleset,
        "created_at": at,
        "updated_at": at,
    }


def claim(job_id: str, task_id: str) -> Claim | None:
    """Take a queued job, or return None if it is taken, finished or unknown."""
    job = _jobs().find_one({"_id": ObjectId(job_id)})
    if job is None or job["state"] != JobState.QUEUED:
        return None
    mine = Claim(
        job["_id"],
        job["fence"] + 1,
        job["analysis_id"],
        job["run"],
        job["attempts"],
        job["requested_by"],
        job.get("ruleset", ""),
    )

    expected = {"_id": mine.job_id, "state": "queued", "fence": job["fence"]}
    taken = _move(
        expected,
        JobState.RUNNING,
        task_id=task_id,
        lease_until=now() + LEASE,
        heartbeat_at=now(),
    )
    return mine if taken else None


@contextmanager
def heartbeat(claim: Claim, lasts: Stored = lambda _session: None) -> Iterator[None]:
    """Keep the lease while the block runs, so that slow is not taken for dead.

    `lasts` is called once the block has run for a second, in a transaction of its own
    that only happens while the job is still held.
    """
    stopped = threading.Event()
    beat = threading.Thread(target=_keep, args=(claim, lasts, stopped), daemon=True)
    beat.start()
    try:
        yield
    finally:
        stopped.set()


def renew(claim: Claim, session: ClientSession | None = None) -> bool:
    """Extend the lease; False when the job is no longer ours."""
    held = {"_id": claim.job_id, "state": "running", "fence": claim.fence}
    change = {"lease_until": now() + LEASE, "heartbeat_at": now()}
    renewed = _jobs().update_one(held, {"$set": change}, session=session)
    return bool(renewed.modified_count)


def finish(claim: Claim, store: Stored) -> bool:
    """Store a result and everything counted from it, or nothing if it is not ours."""

    def complete(session: ClientSession) -> bool:
        held = {"_id": claim.job_id, "state": "running", "fence": claim.fence}
        if not _move(held, JobState.DONE, session, heartbeat_at=now()):
            return False
        store(session)
        return True

    return transact(complete)


def end_attempt(
    job: dict[str, Any],
    *,
    counted: bool,
    reason: str,
    returned: Callable[[ClientSession], None],
    died: Callable[[str, ClientSession], None],
) -> JobState | None:
    """Give a running job back, or declare it dead; None if somebody else moved it.

    An attempt is counted when the job's own child crashed or overran, a loss when its
    worker was killed from outside.
    """
    attempts = job["attempts"] + counted
    losses = job["losses"] + (not counted)
    is_dead = attempts >= MAX_ATTEMPTS or losses >= MAX_LOSSES
    target = JobState.DEAD if is_dead else JobState.QUEUED

    def end(session: ClientSession) -> bool:
        held = {"_id": job["_id"], "state": "running", "fence": job["fence"]}
        changes = {
            "fence": job["fence"] + 1,  # whoever held it is refused from now on
            "attempts": attempts,
            "losses": losses,
            "reason": reason,
            "lease_until": now() + DELIVERY,
        }
        if not _move(held, target, session, **changes):
            return False
        died(reason, session) if is_dead else returned(session)
        return True

    if not transact(end):
        return None
    if not is_dead:
        enqueue(Job.EXAMINE, str(job["_id"]))
    return target


def is_running(analysis_id: ObjectId, run: int) -> bool:
    """Whether somebody has claimed that run and neither finished nor lost it."""
    claimed = {"analysis_id": analysis_id, "run": run, "state": "running"}
    return _jobs().find_one(claimed, {"_id": 1}) is not None


def claimed_by(job_id: str, task_id: str) -> dict[str, Any] | None:
    """The running job that this task claimed, if it still holds it."""
    job = _jobs().find_one({"_id": ObjectId(job_id)})
    is_held = job and job["state"] == JobState.RUNNING and job["task_id"] == task_id
    return job if is_held else None


def expired() -> list[dict[str, Any]]:
    """Running jobs whose holder has not been heard of for a lease."""
    return _overdue(JobState.RUNNING)


def send_unseen() -> int:
    """Ask again for queued jobs whose message was lost; how many there were."""
    overdue = _overdue(JobState.QUEUED)
    for job in overdue:
        expected = {"_id": job["_id"], "state": "queued", "fence": job["fence"]}
        later = {"$set": {"lease_until": now() + DELIVERY * 3}}
        if _jobs().update_one(expected, later).modified_count:
            enqueue(Job.EXAMINE, str(job["_id"]))
    return len(overdue)


def cancel(analysis_id: ObjectId, run: int, session: ClientSession) -> bool:
    """Take back a queued job; False when it has been claimed."""
    queued = {"analysis_id": analysis_id, "run": run, "state": "queued"}
    return _move(queued, JobState.CANCELLED, session)


def _jobs() -> Any:
    return database()["analysis_jobs"]


def _move(
    expected: dict[str, Any],
    state: JobState,
    session: ClientSession | None = None,
    **changes: Any,
) -> bool:
    changes = {"state": state.value, "updated_at": now(), **changes}
    update: dict[str, Any] = {"$set": changes}
    if state is JobState.RUNNING:
        update["$inc"] = {"fence": 1}
    moved = _jobs().update_one(expected, update, session=session).modified_count
    return bool(moved)


def _overdue(state: JobState) -> list[dict[str, Any]]:
    due = {"$gte": BEGINNING, "$lte": now()}
    found = _jobs().find({"state": state.value, "lease_until": due})
    return list(found.limit(SWEEP_LIMIT))


def _keep(claim: Claim, lasts: Stored, stopped: threading.Event) -> None:
    if not stopped.wait(min(SLOW_SECONDS, BEAT_SECONDS)):
        _tell(claim, lasts)
    while not stopped.wait(BEAT_SECONDS):
        try:
            if not renew(claim):
                return
        except PyMongoError:
            logger.warning("queue.heartbeat_failed %s", claim.job_id)


def _tell(claim: Claim, lasts: Stored) -> None:
    """Let others see that the work lasts, unless the job is no longer ours."""

    def tell(session: ClientSession) -> None:
        if renew(claim, session):
            lasts(session)

    try:
        with pymongo.timeout(TELL_SECONDS):
            transact(tell)
    except (PyMongoError, Interfered):
        logger.warning("queue.untold %s", claim.job_id)
    leave()
