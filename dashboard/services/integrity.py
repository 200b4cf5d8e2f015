"""Making sure that whatever a row names is there: relations, checked by reading."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from bson import ObjectId

from dashboard.documents.base import Row
from dashboard.documents.connection import database
from dashboard.domain.statuses import Status

BATCH: Final = 500


class Relation(NamedTuple):
    """A field whose value is the id of a row elsewhere."""

    collection: str
    field: str
    target: str
    why: str  # what it means that the target is not there
    read: Callable[[Any], Any] = lambda value: value  # None: it names nothing


class Orphan(NamedTuple):
    """A row whose counterpart is gone."""

    collection: str
    id: str
    missing: str
    why: str


def _account(value: str) -> ObjectId | None:
    """The account a field names; the worker and commands have none."""
    return ObjectId(value) if ObjectId.is_valid(value) else None


RELATIONS: Final = (
    Relation(
        *("email_analyses", "user_id", "users"),
        "its submitter has no account",
        _account,
    ),
    Relation("email_analyses", "sha256", "messages", "its message is not stored"),
    Relation("messages", "file_id", "fs.files", "its bytes are lost"),
    Relation("attachment_archives", "file_id", "fs.files", "its bytes are lost"),
    Relation("analysis_jobs", "analysis_id", "email_analyses", "it has no analysis"),
    Relation("analysis_receipts", "analysis_id", "email_analyses", "of no analysis"),
    Relation("analysis_receipts", "job_id", "analysis_jobs", "of no job"),
    Relation("sightings", "analysis_id", "email_analyses", "met in no analysis"),
    Relation(
        "persistent_sessions", "user_id", "users", "signs in no account", _account
    ),
    Relation("uploads", "user_id", "users", "its submitter has no account", _account),
    Relation("uploads", "file_id", "fs.files", "its bytes are lost"),
    Relation("upload_entries", "upload_id", "uploads", "of no upload"),
)


def orphans() -> Iterator[Orphan]:
    """Every row that names what is not there, read batch by batch."""
    for relation in RELATIONS:
        rows = database()[relation.collection].find({}, {relation.field: 1})
        for some in _batches(rows):
            yield from _orphans(relation, some)
    for some in _batches(
        database()["correspondents"].find({}, {"seen": 1, "wrote": 1})
    ):
        yield from _unproven(some)
    waiting = {"facets": f"status:{Status.PENDING}"}
    for some in _batches(database()["email_analyses"].find(waiting, {"run": 1})):
        yield from _without_job(some)


def _orphans(relation: Relation, rows: list[Row]) -> Iterator[Orphan]:
    named = {row["_id"]: relation.read(row.get(relation.field)) for row in rows}
    wanted = {value for value in named.values() if value is not None}
    known = _present(relation.target, wanted)
    lost = [row_id for row_id, value in named.items() if value in wanted - known]
    still = _present(relation.collection, lost)  # not deleted meanwhile as a whole
    for row_id in lost:
        if row_id in still:
            missing = f"{relation.target} {named[row_id]}"
            yield Orphan(relation.collection, str(row_id), missing, relation.why)


def _unproven(rows: list[Row]) -> Iterator[Orphan]:
    """Correspondents who are known by a message that is not stored."""
    proof = {row["_id"]: {*row["seen"], *row["wrote"]} for row in rows}
    wanted = set().union(*proof.values())
    lost = wanted - _present("messages", wanted)
    named = [name for name, hashes in proof.items() if hashes & lost]
    still = {  # not forgotten meanwhile
        row["_id"]: {*row["seen"], *row["wrote"]} & lost
        for row in database()["correspondents"].find({"_id": {"$in": named}})
    }
    for name, hashes in still.items():
        for sha256 in sorted(hashes):
            yield Orphan("correspondents", name, f"messages {sha256}", "not proven")


def _without_job(rows: list[Row]) -> Iterator[Orphan]:
    """Analyses that wait for work that nobody has."""
    wanted = {"analysis_id": {"$in": [row["_id"] for row in rows]}}
    fields = {"analysis_id": 1, "run": 1}
    jobs = database()["analysis_jobs"].find(wanted, fields)
    known = {(job["analysis_id"], job["run"]) for job in jobs}
    for row in rows:
        if (row["_id"], row["run"]) not in known:
            missing = f"analysis_jobs of run {row['run']}"
            yield Orphan("email_analyses", str(row["_id"]), missing, "waits for ever")


def _present(collection: str, ids: Iterable[Any]) -> set[Any]:
    wanted = {"_id": {"$in": list(ids)}}
    return {row["_id"] for row in database()[collection].find(wanted, {"_id": 1})}


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some
