"""Submitting messages, judging them, taking them back and analysing them again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError

from dashboard.documents import counters
from dashboard.documents.analysis import facets_of
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered, transact
from dashboard.domain import intake
from dashboard.domain.statuses import Status, sources_of
from dashboard.services import messages, queue
from dashboard.services.audit import Actor, Event, changes, record, record_each
from dashboard.services.queue import Job

MAX_NAME: Final = 200
MAX_NOTE: Final = 4000


class Decision(StrEnum):
    """What an analyst may say of a message."""

    PHISHING = "phishing"
    UNWANTED = "unwanted"
    LEGITIMATE = "legitimate"
    UNSURE = "unsure"


class Category(StrEnum):
    """What kind of message it was, where that helps."""

    CREDENTIALS = "credentials"
    PAYMENT = "payment"
    MALWARE = "malware"
    SPAM = "spam"
    SCAM = "scam"
    SIMULATION = "simulation"
    OTHER = "other"


class Refused(ValueError):
    """The message is not accepted; the text says why and what to do."""


class TooLarge(Refused):
    """The message is above the size limit."""


class NotAllowed(Exception):
    """The analysis is not in a state that allows this; the text says why."""


class Changed(Exception):
    """Somebody else changed the analysis since it was read."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A message somebody hands in."""

    raw: bytes = field(repr=False)
    source: str  # "upload", "paste", "command"
    name: str = ""  # shown only; nothing is ever written under it
    received_at: datetime | None = None  # now, unless a demonstration says otherwise
    entry: str = ""  # of which upload, and its number in it


@dataclass(frozen=True, slots=True)
class Accepted:
    """The analysis of a submitted message, and whether it was there before."""

    analysis_id: str
    is_new: bool


def submit(submission: Submission, actor: Actor, *, max_bytes: int) -> Accepted:
    """Store a message and queue its examination, or raise `Refused`.

    The same bytes submitted twice by one person are one analysis, so a submission
    that was not answered may be repeated.
    """
    _check(submission, max_bytes)
    sha256 = messages.store(submission.raw)
    row = _new_row(submission, sha256, actor)
    job = queue.new_job(row["_id"], 1, requested_by=actor.name)

    def create(session: ClientSession) -> None:
        database()["email_analyses"].insert_one(row, session=session)
        database()["analysis_jobs"].insert_one(job, session=session)
        counters.change(
            row["received_at"], come=row["facets"], received=1, session=session
        )
        record(
            Event.ANALYSIS_SUBMITTED,
            actor,
            of=("analysis", row["_id"]),
            metadata=_told(row),
            session=session,
        )

    try:
        transact(create)
    except DuplicateKeyError:
        known = _rows().find_one({"origin_key": row["origin_key"]}, {"entry": 1})
        if known is None:
            raise
        return _accepted(row, known)
    queue.enqueue(Job.EXAMINE, str(job["_id"]))
    return Accepted(str(row["_id"]), is_new=True)


def submit_all(
    submissions: Iterable[Submission], actor: Actor, *, max_bytes: int
) -> list[Accepted | Refused]:
    """Submit many messages in one step, each with its own answer, in their order."""
    given = [(each, _refusal(each, max_bytes)) for each in submissions]
    fit = [each for each, refusal in given if refusal is None]
    hashes = messages.store_all(each.raw for each in fit)
    rows = [_new_row(*each, actor) for each in zip(fit, hashes, strict=True)]
    keys = [row["origin_key"] for row in rows]
    found = _rows().find({"origin_key": {"$in": keys}}, {"origin_key": 1, "entry": 1})
    first = {row["origin_key"]: row for row in reversed(rows)}
    first |= {row["origin_key"]: row for row in found}
    new = [row for row in rows if first[row["origin_key"]] is row]
    try:
        _create_all(new, actor)
    except (DuplicateKeyError, BulkWriteError):  # somebody else submits the same now
        return [
            refusal or submit(each, actor, max_bytes=max_bytes)
            for each, refusal in given
        ]
    accepted = iter([_accepted(row, first[row["origin_key"]]) for row in rows])
    return [refusal or next(accepted) for _each, refusal in given]


def cancel(row: Row, actor: Actor) -> None:
    """Take back a message that waits; raise `NotAllowed` once a worker has it."""

    def take_back(session: ClientSession) -> bool:
        if not queue.cancel(row["_id"], row["run"], session):
            return False
        change(row["_id"], {"status": Status.CANCELLED.value}, session)
        _record(Event.ANALYSIS_CANCELLED, actor, row, session)
        return True

    if row["status"] != Status.PENDING or not transact(take_back):
        raise NotAllowed("Only a message that still waits can be cancelled.")


def repeat(row: Row, actor: Actor) -> None:
    """Analyse a message again, keeping the earlier receipts."""
    allowed = [state.value for state in sources_of(Status.PENDING)]
    if row["status"] not in allowed or row["status"] == Status.RUNNING:
        raise NotAllowed("The message is being analysed already.")
    run = row["run"] + 1
    job = queue.new_job(row["_id"], run, requested_by=actor.name)

    def ask(session: ClientSession) -> None:
        database()["analysis_jobs"].insert_one(job, session=session)
        fields = {"status": Status.PENDING.value, "run": run, "failure": ""}
        change(row["_id"], fields, session)
        _record(Event.ANALYSIS_REPEATED, actor, row, session, run=run)

    try:
        transact(ask)
    except DuplicateKeyError:
        raise NotAllowed("The message is being analysed already.") from None
    queue.enqueue(Job.EXAMINE, str(job["_id"]))


def judge(
    row: Row,
    actor: Actor,
    *,
    verdict: Decision,
    category: Category | None,
    note: str,
    version: int,
) -> None:
    """Record what a person decided; raise `Changed` if `version` is no longer current.

    The engine's verdict stays as it is, beside the person's.
    """
    decision = {
        "verdict": verdict.value,
        "category": category.value if category else "",
        "note": note[:MAX_NOTE],
        "by": actor.name,
        "user_id": actor.user_id,
        "at": now(),
    }

    def decide(session: ClientSession) -> bool:
        current = _rows().find_one({"_id": row["_id"]}, session=session)
        if current is None or current["version"] != version:
            return False
        change(row["_id"], {"decision": decision, "version": version + 1}, session)
        before = {"verdict": current.get("decision", {}).get("verdict", "")}
        became = changes(before, {"verdict": verdict.value})
        told = {"changes": became, "note": decision["note"]}
        _record(Event.ANALYSIS_JUDGED, actor, row, session, **told)
        return True

    if not transact(decide):
        raise Changed("Somebody recorded a verdict while you were reading.")


def change(
    analysis_id: ObjectId, fields: Mapping[str, Any], session: ClientSession
) -> Row | None:
    """Change an analysis with its facets and counters, in the caller's transaction."""
    row: Row | None = _rows().find_one({"_id": analysis_id}, session=session)
    if row is None:
        return None
    after = {**row, **fields}
    after["facets"], after["updated_at"] = facets_of(after), now()
    changed = {**fields, "facets": after["facets"], "updated_at": after["updated_at"]}
    unchanged = {"_id": analysis_id, "revision": row["revision"]}
    update = {"$set": changed, "$inc": {"revision": 1}}
    if not _rows().update_one(unchanged, update, session=session).modified_count:
        raise Interfered
    counters.change(
        row["received_at"], gone=row["facets"], come=after["facets"], session=session
    )
    return after


def _check(submission: Submission, max_bytes: int) -> None:
    if len(submission.raw) > max_bytes:
        raise TooLarge(f"The message is larger than {max_bytes // 1024 // 1024} MB.")
    try:
        intake.check(submission.raw[: intake.HEAD_BYTES])
    except intake.NotAMessage as error:
        raise Refused(str(error)) from None


def _refusal(submission: Submission, max_bytes: int) -> Refused | None:
    try:
        _check(submission, max_bytes)
    except Refused as error:
        return error
    return None


def _accepted(row: Row, known: Row) -> Accepted:
    # An entry taken again, because its first taking was cut short, is as new.
    is_same = bool(row["entry"]) and known.get("entry") == row["entry"]
    return Accepted(str(known["_id"]), is_new=known is row or is_same)


def _told(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("sha256", "size", "source")}


def _create_all(rows: list[Row], actor: Actor) -> None:
    """Store new analyses with their jobs, counts and events, and ask for them."""
    jobs = [queue.new_job(row["_id"], 1, requested_by=actor.name) for row in rows]
    facets = [facet for row in rows for facet in row["facets"]]
    told = [(("analysis", row["_id"]), _told(row)) for row in rows]

    def create(session: ClientSession) -> None:
        database()["email_analyses"].insert_many(rows, session=session)
        database()["analysis_jobs"].insert_many(jobs, session=session)
        at = rows[0]["received_at"]
        counters.change(at, come=facets, received=len(rows), session=session)
        record_each(Event.ANALYSIS_SUBMITTED, actor, told, session)

    if rows:
        transact(create)
    for job in jobs:
        queue.enqueue(Job.EXAMINE, str(job["_id"]))


def _rows() -> Any:
    return database()["email_analyses"]


def _record(
    event: Event, actor: Actor, row: Row, session: ClientSession, **metadata: Any
) -> None:
    subject = ("analysis", row["_id"])
    record(event, actor, of=subject, metadata=metadata, session=session)


def _new_row(submission: Submission, sha256: str, actor: Actor) -> Row:
    at = now()
    owner = actor.user_id or actor.name
    row: Row = {
        "_id": ObjectId(),
        "user_id": owner,
        "origin_key": f"upload:{owner}:{sha256}",
        "source": submission.source,
        "sha256": sha256,
        "size": len(submission.raw),
        "file_name": submission.name[:MAX_NAME],
        "entry": submission.entry,
        "gmail_message_id": None,
        "subject": "",
        "sender": "",
        "sender_name": "",
        "recipient": "",
        "received_at": submission.received_at or at,
        "status": Status.PENDING.value,
        "threat_level": None,
        "verdict": None,
        "confidence_score": None,
        "analysis_results": {},
        "detected_threats": [],
        "analyzer_version": "",
        "run": 1,
        "failure": "",
        "decision": {},
        "owner": "",
        "version": 1,
        "revision": 1,
        "created_at": at,
        "updated_at": at,
    }
    row["facets"] = facets_of(row)
    return row
