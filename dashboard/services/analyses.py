"""Submitting messages, judging them, taking them back and analysing them again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError

from dashboard.documents import counters
from dashboard.documents.analysis import facets_of
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.counters import Move
from dashboard.documents.transactions import Interfered, transact
from dashboard.domain import intake, rulesets
from dashboard.domain.findings import Sentence
from dashboard.domain.statuses import Status, sources_of
from dashboard.services import messages, proofs, queue
from dashboard.services.audit import Actor, Event, changes, record, record_each
from dashboard.services.jobs import Job
from dashboard.services.messages import MessageLost, Prepared

MAX_NAME: Final = 200
MAX_NOTE: Final = 4000
UNDER_WAY: Final = Sentence("The message is being analysed already.")
JUDGED_MEANWHILE: Final = Sentence(
    "Somebody recorded a verdict while you were reading."
)


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


class UnknownRuleset(ValueError):
    """A ruleset was asked for that is not shipped."""


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
    try:
        return _submit(submission, actor)
    except (MessageLost, DuplicateKeyError, BulkWriteError):
        # The bytes went or came with another analysis of them just now.
        return _submit(submission, actor)


def _submit(submission: Submission, actor: Actor) -> Accepted:
    prepared = messages.prepare([submission.raw])
    row = _new_row(submission, prepared.hashes[0], actor)
    try:
        _create_all([row], prepared, actor)
    except (DuplicateKeyError, BulkWriteError):
        known = _rows().find_one({"origin_key": row["origin_key"]}, {"entry": 1})
        if known is None:
            raise
        messages.put(prepared)  # of an analysis that had lost its bytes
        return _accepted(row, known)
    return Accepted(str(row["_id"]), is_new=True)


def submit_all(
    submissions: Iterable[Submission], actor: Actor, *, max_bytes: int
) -> list[Accepted | Refused]:
    """Submit many messages in one step, each with its own answer, in their order."""
    given = [(each, _refusal(each, max_bytes)) for each in submissions]
    fit = [each for each, refusal in given if refusal is None]
    prepared = messages.prepare(each.raw for each in fit)
    rows = [_new_row(*each, actor) for each in zip(fit, prepared.hashes, strict=True)]
    keys = [row["origin_key"] for row in rows]
    found = _rows().find({"origin_key": {"$in": keys}}, {"origin_key": 1, "entry": 1})
    first = {row["origin_key"]: row for row in reversed(rows)}
    first |= {row["origin_key"]: row for row in found}
    new = [row for row in rows if first[row["origin_key"]] is row]
    try:
        _create_all(new, prepared, actor)
    except (DuplicateKeyError, BulkWriteError, MessageLost):
        # Somebody else submits the same now, or deletes it.
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
        raise NotAllowed(Sentence("Only a message that still waits can be cancelled."))


def repeat(row: Row, actor: Actor, *, ruleset: str = rulesets.CURRENT) -> None:
    """Analyse a message again, keeping the earlier receipts.

    With another ruleset than the current one, if it is chosen; raises `UnknownRuleset`
    for one that is not shipped.
    """
    if ruleset not in rulesets.versions():
        raise UnknownRuleset(ruleset[:40])
    if not may_repeat(row):
        raise NotAllowed(UNDER_WAY)
    run, chosen = row["run"] + 1, "" if ruleset == rulesets.CURRENT else ruleset
    job = queue.new_job(row["_id"], run, requested_by=actor.name, ruleset=chosen)

    def ask(session: ClientSession) -> None:
        database()["analysis_jobs"].insert_one(job, session=session)
        change(row["_id"], repeated(row), session)
        told = {"run": run, "ruleset": ruleset}
        _record(Event.ANALYSIS_REPEATED, actor, row, session, **told)

    try:
        transact(ask)
    except DuplicateKeyError:
        raise NotAllowed(UNDER_WAY) from None
    queue.enqueue(Job.EXAMINE, str(job["_id"]))


def may_repeat(row: Row) -> bool:
    """Whether the message can be analysed again: not while it is."""
    allowed = [state.value for state in sources_of(Status.PENDING)]
    return row["status"] in allowed and row["status"] != Status.RUNNING


def repeated(row: Row) -> Row:
    """What becomes of an analysis that is asked for again."""
    return {"status": Status.PENDING.value, "run": row["run"] + 1, "failure": ""}


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
    decided = decision(actor, verdict=verdict, category=category, note=note)

    def decide(session: ClientSession) -> bool:
        current = _rows().find_one({"_id": row["_id"]}, session=session)
        if current is None or current["version"] != version:
            return False
        change(row["_id"], {"decision": decided, "version": version + 1}, session)
        proofs.judged([current], verdict, session)
        told = judged(current, decided)
        _record(Event.ANALYSIS_JUDGED, actor, row, session, **told)
        return True

    if not transact(decide):
        raise Changed(JUDGED_MEANWHILE)


def decision(
    actor: Actor, *, verdict: Decision, category: Category | None, note: str
) -> Row:
    """What a person decided, as it is stored."""
    return {
        "verdict": verdict.value,
        "category": category.value if category else "",
        "note": note[:MAX_NOTE],
        "by": actor.name,
        "user_id": actor.user_id,
        "at": now(),
    }


def judged(row: Row, decided: Row) -> Row:
    """What the trail tells of a verdict on this analysis."""
    before = {"verdict": row.get("decision", {}).get("verdict", "")}
    became = changes(before, {"verdict": decided["verdict"]})
    return {"changes": became, "note": decided["note"]}


def change(
    analysis_id: ObjectId, fields: Mapping[str, Any], session: ClientSession
) -> Row | None:
    """Change an analysis with its facets and counters, in the caller's transaction."""
    row: Row | None = _rows().find_one({"_id": analysis_id}, session=session)
    if row is None:
        return None
    return change_all([(row, fields)], session)[0]


def change_all(
    changed: Iterable[tuple[Row, Mapping[str, Any]]], session: ClientSession
) -> list[Row]:
    """Change analyses as they were read in the caller's transaction, all or none."""
    pairs = [(row, _complete(row, fields)) for row, fields in changed]
    if not pairs:
        return []
    if _write([_update(row, fields) for row, fields in pairs], session) != len(pairs):
        raise Interfered
    moves = [Move(r["received_at"], r["facets"], new["facets"]) for r, new in pairs]
    counters.change_all(moves, session)
    return [{**row, **fields} for row, fields in pairs]


def _complete(row: Row, fields: Mapping[str, Any]) -> Row:
    facets = facets_of({**row, **fields})
    return {**fields, "facets": facets, "updated_at": now()}


def _update(row: Row, fields: Row) -> tuple[Row, Row]:
    unchanged = {"_id": row["_id"], "revision": row["revision"]}
    return unchanged, {"$set": fields, "$inc": {"revision": 1}}


def _write(updates: list[tuple[Row, Row]], session: ClientSession) -> int:
    """How many were as they had been read; one alone goes without a batch around it."""
    if len(updates) == 1:
        return int(_rows().update_one(*updates[0], session=session).modified_count)
    batch = [UpdateOne(*each) for each in updates]
    return int(_rows().bulk_write(batch, session=session).modified_count)


def _check(submission: Submission, max_bytes: int) -> None:
    if len(submission.raw) > max_bytes:
        raise TooLarge(
            Sentence(
                "The message is larger than %(limit)s MB.",
                limit=max_bytes // 1024 // 1024,
            )
        )
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


def _create_all(rows: list[Row], prepared: Prepared, actor: Actor) -> None:
    """Store new analyses with their messages, jobs, events and counts, and ask."""
    jobs = [queue.new_job(row["_id"], 1, requested_by=actor.name) for row in rows]
    facets = [facet for row in rows for facet in row["facets"]]
    told = [(("analysis", row["_id"]), _told(row)) for row in rows]

    def create(session: ClientSession) -> None:
        messages.keep(prepared, (row["sha256"] for row in rows), session)
        database()["email_analyses"].insert_many(rows, session=session)
        database()["analysis_jobs"].insert_many(jobs, session=session)
        record_each(Event.ANALYSIS_SUBMITTED, actor, told, session)
        # Last, for others wait for the counters until this transaction ends.
        at = rows[0]["received_at"]
        counters.change(at, come=facets, received=len(rows), session=session)

    if rows:
        transact(create)
    else:
        messages.put(prepared)
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
