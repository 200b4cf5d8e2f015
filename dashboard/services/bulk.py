"""What people do with several analyses at once: each succeeds or fails by itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError

from dashboard.documents.analysis import may_see
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered, transact
from dashboard.documents.user import Account
from dashboard.domain import rulesets
from dashboard.domain.findings import Sentence
from dashboard.domain.statuses import Status
from dashboard.services import analyses, deletions, exports, proofs, queue
from dashboard.services.analyses import JUDGED_MEANWHILE, UNDER_WAY, Category, Decision
from dashboard.services.audit import Actor, Event, record, record_each
from dashboard.services.exports import Format, Order
from dashboard.services.jobs import Job

MOST: Final = 100  # a page; what one request may change
NOT_FOUND: Final = Sentence("It was not found. It may have been deleted.")
IN_USE: Final = Sentence("Others keep changing it just now. Try again.")
BEING_READ: Final = Sentence("It is being read just now. Try again in a moment.")
GET_IN_THE_WAY: Final = (Interfered, BulkWriteError, DuplicateKeyError)


class Choice(NamedTuple):
    """An analysis somebody chose, and which version of it they saw."""

    id: ObjectId
    version: int


class Refusal(NamedTuple):
    """An analysis that stays as it is, and why; no subject where none may be seen."""

    id: str
    subject: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of each: the analyses something was done to, and the others."""

    done: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to analyses: why one is left alone, and how others change."""

    refuse: Callable[[Row, int], str]  # "" for one that may be changed
    write: Callable[[list[Row], ClientSession], None]


def look(chosen: Iterable[Choice], reader: Account) -> Outcome:
    """The analyses as they are, those the reader may see; changes nothing."""
    return _sort(chosen, reader, lambda _row, _version: "")


def repeat(chosen: Iterable[Choice], reader: Account, actor: Actor) -> Outcome:
    """Have each message analysed again that is not being analysed already."""
    jobs: dict[ObjectId, Row] = {}

    def write(rows: list[Row], session: ClientSession) -> None:
        for row in rows:
            run = row["run"] + 1
            jobs[row["_id"]] = queue.new_job(row["_id"], run, requested_by=actor.name)
        new = [jobs[row["_id"]] for row in rows]
        database()["analysis_jobs"].insert_many(new, session=session)
        analyses.change_all([(row, analyses.repeated(row)) for row in rows], session)
        current = {"ruleset": rulesets.CURRENT}
        told = [_about(row, {"run": row["run"] + 1, **current}) for row in rows]
        record_each(Event.ANALYSIS_REPEATED, actor, told, session)

    outcome = _act(chosen, reader, Act(_is_under_way, write))
    for row in outcome.done:
        queue.enqueue(Job.EXAMINE, str(jobs[row["_id"]]["_id"]))
    return outcome


def judge(
    chosen: Iterable[Choice],
    reader: Account,
    actor: Actor,
    *,
    verdict: Decision,
    category: Category | None,
    note: str,
) -> Outcome:
    """Record the same verdict of each, but over no newer one of somebody else.

    Where the same person has said just this before, nothing is left to do.
    """
    decided = analyses.decision(actor, verdict=verdict, category=category, note=note)

    def refuse(row: Row, version: int) -> str:
        is_current = row["version"] == version
        return "" if is_current or _says(row, decided) else JUDGED_MEANWHILE

    def write(rows: list[Row], session: ClientSession) -> None:
        new = [row for row in rows if not _says(row, decided)]
        fields = [{"decision": decided, "version": row["version"] + 1} for row in new]
        analyses.change_all(zip(new, fields, strict=True), session)
        proofs.judged(new, verdict, session)
        told = [_about(row, analyses.judged(row, decided)) for row in new]
        record_each(Event.ANALYSIS_JUDGED, actor, told, session)

    return _act(chosen, reader, Act(refuse, write))


def delete(
    chosen: Iterable[Choice], reader: Account, actor: Actor, *, reason: str
) -> Outcome:
    """Delete each with what was stored because of it, unless somebody judged it since.

    A second call finds nothing.
    """

    def write(rows: list[Row], session: ClientSession) -> None:
        deletions.remove(rows, reason, actor, session)

    outcome = _act(chosen, reader, Act(_may_not_go, write))
    if outcome.done:
        queue.enqueue(Job.TIDY)
    return outcome


def export(rows: list[Row], form: Format, actor: Actor) -> bytes:
    """These analyses as a file, in this order; recorded before it leaves."""
    order = Order("analyses", form, (), now(), now())
    ids = [str(row["_id"]) for row in rows]
    told = {"format": form.value, "rows": len(rows), "analyses": ids}
    record(Event.EXPORT_CREATED, actor, of=("list", "analyses"), metadata=told)
    return exports.of_rows(order, rows)


def _act(chosen: Iterable[Choice], reader: Account, act: Act) -> Outcome:
    """Do it to all in one transaction; where that cannot be, to one after the other."""
    known = list(chosen)
    try:
        return transact(lambda session: _turn(known, reader, act, session))
    except GET_IN_THE_WAY:
        outcome = Outcome()
    for choice in known:
        alone = _alone(choice, reader, act)
        outcome.done += alone.done
        outcome.refused += alone.refused
    return outcome


def _alone(choice: Choice, reader: Account, act: Act) -> Outcome:
    try:
        return transact(lambda session: _turn([choice], reader, act, session))
    except GET_IN_THE_WAY:
        row = next(iter(look([choice], reader).done), {"subject": ""})
        return Outcome([], [Refusal(str(choice.id), row["subject"], IN_USE)])


def _turn(
    chosen: list[Choice], reader: Account, act: Act, session: ClientSession
) -> Outcome:
    outcome = _sort(chosen, reader, act.refuse, session)
    if outcome.done:
        act.write(outcome.done, session)
    return outcome


def _sort(
    chosen: Iterable[Choice],
    reader: Account,
    refuse: Callable[[Row, int], str],
    session: ClientSession | None = None,
) -> Outcome:
    """What may be done to which, as they are now, in the order they were chosen."""
    versions = {choice.id: choice.version for choice in chosen}
    found = _rows().find({"_id": {"$in": list(versions)}}, session=session)
    seen = {row["_id"]: row for row in found if may_see(row, reader)}
    outcome = Outcome()
    for identity, version in versions.items():
        row = seen.get(identity)
        subject = row["subject"] if row else ""
        if reason := refuse(row, version) if row else NOT_FOUND:
            outcome.refused.append(Refusal(str(identity), subject, reason))
        elif row:
            outcome.done.append(row)
    return outcome


def _is_under_way(row: Row, _version: int) -> str:
    return "" if analyses.may_repeat(row) else UNDER_WAY


def _may_not_go(row: Row, version: int) -> str:
    if _is_being_read(row):  # a worker stores what it made of it
        return BEING_READ
    return "" if row["version"] == version else JUDGED_MEANWHILE


def _is_being_read(row: Row) -> bool:
    is_waiting = row["status"] == Status.PENDING
    is_claimed = is_waiting and queue.is_running(row["_id"], row["run"])
    return is_claimed or row["status"] == Status.RUNNING


def _says(row: Row, decided: Row) -> bool:
    """Whether the same person said the same of it already."""
    said = row.get("decision") or {}
    same = ("verdict", "category", "note", "user_id")
    return all(said.get(name) == decided[name] for name in same)


def _about(row: Row, told: Row) -> tuple[tuple[str, object], Row]:
    return ("analysis", row["_id"]), told


def _rows() -> Any:
    return database()["email_analyses"]
