"""What a worker does with a message: examine it once, or say why it could not be."""

import logging
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pymongo
from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered
from dashboard.domain import receipts, rulesets, safe_view, views
from dashboard.domain.context import DEMO, Context, context_for
from dashboard.domain.engine import Examination, examine, judge
from dashboard.domain.findings import Sentence
from dashboard.domain.observables import observables
from dashboard.domain.parsing import parse
from dashboard.domain.rulesets import Ruleset
from dashboard.domain.statuses import JobState, Status
from dashboard.services import (
    analyses,
    archives,
    history,
    indicators,
    messages,
    observations,
    outside,
    proofs,
    queue,
)
from dashboard.services.audit import WORKER, Event, record
from dashboard.services.outside import NOBODY, Outside
from dashboard.services.queue import Claim

logger = logging.getLogger(__name__)

STEP_SECONDS: Final = 3.0  # of database time, so that a slow one is told from a job
SHORT_SECONDS: Final = 1.5
TOO_SLOW: Final = Sentence("Reading the message took too long.")
TOO_BIG: Final = Sentence("Reading the message needed too much memory.")
CRASHED: Final = Sentence("Reading the message crashed the process that read it.")
BROKE: Final = Sentence("Reading the message failed unexpectedly.")
LOST: Final = Sentence("The worker was stopped while it read this message.")

_reading = threading.Event()


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one run stores."""

    examination: Examination
    known: list[Row]  # what was on record of it before
    kept: list[Row]  # of its sender, before
    seconds: float
    memory_kb: int


def run(job_id: str, task_id: str, context: Context, beside: Outside = NOBODY) -> None:
    """Examine the message of a queued job; do nothing if somebody else has it.

    Safe to run twice: the claim decides who works, the fence whose result counts.
    """
    with pymongo.timeout(STEP_SECONDS):
        claim = queue.claim(job_id, task_id)
        if claim is None:
            return
        row = database()["email_analyses"].find_one({"_id": claim.analysis_id})
        raw = messages.load(row["sha256"]) if row else b""
    if row is None:
        return
    with queue.heartbeat(claim, partial(_is_read, row)):
        asked = context_for(row["source"], context)
        asked_of = NOBODY if row["source"] == DEMO else beside
        result = _examine(raw, asked, _ruleset(claim), row, asked_of)
        with pymongo.timeout(STEP_SECONDS):
            archives.keep(result.examination.message.attachments)
            met = observations.observe(
                result.examination, result.known, row["received_at"]
            )
        with pymongo.timeout(STEP_SECONDS):
            queue.finish(
                claim, lambda session: _store(claim, row, result, met, session)
            )


def is_reading() -> bool:
    """Whether this process is inside a message, and not waiting for the database."""
    return _reading.is_set()


def give_back(job_id: str, task_id: str, *, counted: bool, reason: str) -> None:
    """End the attempt this task made; after too many the job is dead."""
    with pymongo.timeout(SHORT_SECONDS):
        if job := queue.claimed_by(job_id, task_id):
            _end(job, counted=counted, reason=reason)


def warm_up() -> None:
    """Read rules, patterns and lists once, so that no message waits for them."""
    examine(b"From: <warm@up.invalid>\r\nSubject: -\r\n\r\n-\r\n")


def sweep(worker: str) -> None:
    """Say that this worker lives, and bring back what others lost."""
    change = {"$set": {"at": now()}}
    database()["worker_heartbeats"].update_one({"_id": worker}, change, upsert=True)
    queue.send_unseen()
    until = time.monotonic() + STEP_SECONDS
    for job in queue.expired():
        if time.monotonic() < until:
            _bring_back(job)


def _bring_back(job: dict[str, Any]) -> None:
    # A transaction whose process was killed keeps its rows locked for a minute: such
    # a job must not hold up the others, and comes back with a later sweep.
    try:
        with pymongo.timeout(SHORT_SECONDS):
            _end(job, counted=False, reason=LOST)
    except PyMongoError as error:
        logger.warning("queue.still_locked %s %s", job["_id"], type(error).__name__)


def _ruleset(claim: Claim) -> Ruleset:
    """What is chosen for a run; the current one where that is no longer shipped."""
    is_shipped = claim.ruleset in rulesets.versions()
    return rulesets.load(claim.ruleset if is_shipped else None)


def _examine(
    raw: bytes, context: Context, ruleset: Ruleset, row: Row, beside: Outside
) -> Result:
    started = time.perf_counter()
    with _inside():
        message = parse(raw)
        observables(message)
    with pymongo.timeout(STEP_SECONDS):
        known = observations.look_up(message)
        kept = history.look_up(message, row)
    verified = outside.verify(message, beside, at=row["received_at"])
    with _inside():
        scanned = outside.scan(message, beside)
        told = observations.told_by_people(known)
        earlier = history.told(message, kept, row)
        asked = replace(
            context,
            indicators=told,
            history=earlier,
            verified=verified,
            scanned=scanned,
        )
        examination = judge(message, context=asked, ruleset=ruleset)
    seconds = round(time.perf_counter() - started, 4)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Result(examination, known, kept, seconds, memory)


@contextmanager
def _inside() -> Iterator[None]:
    _reading.set()
    try:
        yield
    finally:
        _reading.clear()


def _is_read(row: Row, session: ClientSession) -> None:
    analyses.change(row["_id"], {"status": Status.RUNNING.value}, session)


def _store(
    claim: Claim,
    row: Row,
    result: Result,
    met: list[Row],
    session: ClientSession,
) -> None:
    found = receipts.to_record(result.examination)
    is_current = result.examination.assessment.ruleset == rulesets.CURRENT
    summary = receipts.summary(result.examination)
    receipt = {
        "_id": ObjectId(),
        "analysis_id": claim.analysis_id,
        "run": claim.run,
        "job_id": claim.job_id,
        "record": found,
        "met": [{"key": row["key"], "places": row["places"]} for row in met],
        "ruleset": result.examination.assessment.ruleset,
        "ruleset_hash": result.examination.assessment.ruleset_hash,
        "instead_of": "" if is_current else rulesets.CURRENT,
        "seconds": result.seconds,
        "memory_kb": result.memory_kb,
        "requested_by": claim.requested_by,
        "created_at": now(),
    }
    database()["analysis_receipts"].insert_one(receipt, session=session)
    _store_view(row["sha256"], result.examination, session)
    indicators.store_sightings(met, row, claim.run, session)
    history.store(row, result.examination, result.kept, session)
    record(
        Event.ANALYSIS_FINISHED,
        WORKER,
        of=("analysis", claim.analysis_id),
        metadata={
            "run": claim.run,
            "verdict": summary["verdict"],
            "ruleset": summary["analyzer_version"],
            "job": str(claim.job_id),
        },
        session=session,
    )
    # Last, for others wait for the counters until this transaction ends.
    done = {**summary, "status": Status.DONE.value, "run": claim.run, "failure": ""}
    _change(row, done, session)


def _change(row: Row, fields: Row, session: ClientSession) -> None:
    """Change an analysis that was read before; read again only if it changed since."""
    try:
        analyses.change_all([(row, fields)], session)
    except Interfered:
        current = analyses.change(row["_id"], fields, session) or {}
        if said := (current.get("decision") or {}).get("verdict"):
            proofs.judged([current], said, session)


def _store_view(sha256: str, examination: Examination, session: ClientSession) -> None:
    view = {
        "made_by": examination.assessment.ruleset,
        "tabs": views.tabs(examination.message),
        "safe_html": safe_view.render(examination.message),
        "created_at": now(),
    }
    database()["message_views"].update_one(
        {"_id": sha256}, {"$set": view}, upsert=True, session=session
    )


def _end(job: dict[str, Any], *, counted: bool, reason: str) -> JobState | None:
    def returned(session: ClientSession) -> None:
        waiting = {"status": Status.PENDING.value}
        analyses.change(job["analysis_id"], waiting, session)

    def died(reason: str, session: ClientSession) -> None:
        failed = {"status": Status.FAILED.value, "failure": reason}
        analyses.change(job["analysis_id"], failed, session)
        record(
            Event.ANALYSIS_FAILED,
            WORKER,
            of=("analysis", job["analysis_id"]),
            description=reason,
            metadata={"run": job["run"], "job": str(job["_id"])},
            session=session,
        )

    return queue.end_attempt(
        job, counted=counted, reason=reason, returned=returned, died=died
    )
