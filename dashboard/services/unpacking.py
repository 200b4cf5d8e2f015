"""Unpacking what was handed in: in slices, each entry once, whoever is killed."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

import pymongo
from bson import ObjectId
from gridfs.errors import CorruptGridFile
from pymongo import ReplaceOne
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import transact
from dashboard.documents.upload import Upload
from dashboard.domain import containers
from dashboard.domain.containers import Cursor, Entry, Unreadable
from dashboard.domain.findings import Sentence
from dashboard.domain.intake import Kind
from dashboard.domain.statuses import UploadState
from dashboard.services import analyses, files, queue
from dashboard.services.analyses import Accepted, Refused, Submission
from dashboard.services.audit import WORKER, Actor, Event, record
from dashboard.services.files import FileLost
from dashboard.services.jobs import Job
from dashboard.services.uploads import DELIVERY, LEASE, Limits, rows

MAX_ENTRIES: Final = 1_000
MAX_ATTEMPTS: Final = 5  # without coming further
SLICE_SECONDS: Final = 3.0  # of work, then other tasks have their turn
STEP_SECONDS: Final = 4.0
BATCH_BYTES: Final = 8 * 1024 * 1024
BATCH: Final = 25  # entries between two notes of how far it has come

CRASHED: Final = Sentence("Reading it took too long or needed too much memory.")
GONE: Final = Sentence("The stored file is gone.")


@dataclass(slots=True)
class _Progress:
    """How far one slice has come, and what is not yet written down."""

    row: Row
    cursor: Cursor
    seen: int
    waiting: list[tuple[int, Entry]] = field(default_factory=list)
    held: int = 0  # bytes of what waits
    is_cut: bool = False


def unpack(upload_id: str, limits: Limits) -> None:
    """Go on unpacking an upload for a moment; nothing if somebody else has it.

    Safe to run twice and to be killed: the claim decides who works, the fence whose
    notes count, and an entry taken again is the same analysis.
    """
    row = _claim(ObjectId(upload_id))
    if row is None:
        return
    try:
        is_over = _advance(row, limits)
    except (FileLost, CorruptGridFile):
        _fail(row, GONE)
    except Unreadable as error:
        _fail(row, str(error))
    else:
        _finish(row) if is_over else _release(row)


def sweep() -> None:
    """Ask again for uploads nobody works on, and give up those that always fail."""
    for row in Upload.due(UploadState.WORKING):
        if row["attempts"] + 1 < MAX_ATTEMPTS:
            _release(row, attempts=row["attempts"] + 1)
        elif row["kind"] == Kind.ARCHIVE:
            _skip(row)
        else:
            _fail(row, CRASHED)
    for row in Upload.due(UploadState.WAITING):
        if _change(row, UploadState.WAITING, {"lease_until": now() + DELIVERY * 3}):
            queue.enqueue(Job.UNPACK, str(row["_id"]))


def _advance(row: Row, limits: Limits) -> bool:
    """Take entries until the slice is over; whether that was the last of them."""
    begin = Cursor(row["member"], row["offset"])
    progress = _Progress(row, begin, row["seen"])
    until = time.monotonic() + SLICE_SECONDS
    # After an attempt that came to nothing each entry is noted by itself, so that
    # the one that does the harm is known.
    batch = 1 if row["attempts"] else BATCH
    source = files.stream(row["file_id"])
    kind = Kind(row["kind"])
    for entry in containers.unpack(source, kind, limit=limits.message, begin=begin):
        if progress.seen >= MAX_ENTRIES:
            progress.is_cut = True
            break
        _take(progress, entry)
        is_full = len(progress.waiting) >= batch or progress.held > BATCH_BYTES
        if is_full and not _note(progress, limits):
            return False
        if time.monotonic() > until:
            _note(progress, limits)
            return False
    return _note(progress, limits)


def _take(progress: _Progress, entry: Entry) -> None:
    """Lay one entry beside those that wait to be submitted together."""
    progress.seen += 1
    progress.held += len(entry.raw)
    progress.waiting.append((progress.seen, entry))
    progress.cursor = entry.after


def _submit(progress: _Progress, limits: Limits) -> list[Row]:
    """Submit what waits as though each had come by itself; what became of each."""
    row, told = progress.row, progress.waiting
    submissions = [
        Submission(
            entry.raw,
            row["source"],
            entry.name or row["name"],
            entry=f"{row['_id']}/{number}",
        )
        for number, entry in told
        if not entry.reason
    ]
    with pymongo.timeout(STEP_SECONDS):
        done = iter(
            analyses.submit_all(submissions, _actor(row), max_bytes=limits.message)
        )
    return [
        _outcome(row, number, entry, None if entry.reason else next(done))
        for number, entry in told
    ]


def _outcome(
    row: Row, number: int, entry: Entry, done: Accepted | Refused | None
) -> Row:
    is_accepted = isinstance(done, Accepted)
    return {
        "_id": f"{row['_id']}/{number}",
        "upload_id": row["_id"],
        "number": number,
        "name": entry.name,
        "analysis_id": done.analysis_id if isinstance(done, Accepted) else "",
        "is_new": isinstance(done, Accepted) and done.is_new,
        "reason": "" if is_accepted else entry.reason or str(done),
    }


def _actor(row: Row) -> Actor:
    is_person = row["user_id"] != row["actor"]
    user_id = row["user_id"] if is_person else ""
    return Actor(row["actor"], user_id, request_id=row["request_id"])


def _note(progress: _Progress, limits: Limits) -> bool:
    """Write down how far it has come; False when the upload is no longer ours."""
    row, told = progress.row, _submit(progress, limits)
    if told:
        replaced = [ReplaceOne({"_id": e["_id"]}, e, upsert=True) for e in told]
        _entries().bulk_write(replaced)
    new = sum(each["is_new"] for each in told)
    refused = sum(bool(each["reason"]) for each in told)
    changes = {
        "member": progress.cursor.member,
        "offset": progress.cursor.offset,
        "seen": progress.seen,
        "accepted": row["accepted"] + new,
        "refused": row["refused"] + refused,
        "known": row["known"] + len(told) - new - refused,
        "is_cut": progress.is_cut,
        "attempts": 0 if told else row["attempts"],
        "lease_until": now() + LEASE,
    }
    progress.waiting, progress.held = [], 0
    if not _change(row, UploadState.WORKING, changes):
        return False
    row.update(changes)
    return True


def _claim(upload_id: ObjectId) -> Row | None:
    """Take an upload that waits; None if it is taken, finished or unknown."""
    row: Row | None = rows().find_one({"_id": upload_id})
    if row is None or row["state"] != UploadState.WAITING:
        return None
    lease, fence = now() + LEASE, row["fence"] + 1
    taken = {"state": UploadState.WORKING.value, "lease_until": lease, "fence": fence}
    if not _change(row, UploadState.WAITING, taken):
        return None
    return row | taken


def _release(row: Row, *, attempts: int | None = None) -> None:
    """Let whoever comes next go on with it."""
    waiting: Row = {"state": UploadState.WAITING.value, "lease_until": now() + DELIVERY}
    waiting["fence"] = row["fence"] + 1
    if attempts is not None:
        waiting["attempts"] = attempts
    if _change(row, UploadState.WORKING, waiting):
        queue.enqueue(Job.UNPACK, str(row["_id"]))


def _skip(row: Row) -> None:
    """Refuse the file of an archive that ended every attempt, and go on behind it."""
    progress = _Progress(row, Cursor(row["member"], row["offset"]), row["seen"])
    entry = Entry("", Cursor(row["member"] + 1), reason=CRASHED)
    _take(progress, entry)
    if _note(progress, Limits(0, 0)):
        _release(row)


def _finish(row: Row) -> None:
    told = ("seen", "accepted", "known", "refused", "is_cut")
    counts = {name: row[name] for name in told}
    _end(row, UploadState.DONE, Event.UPLOAD_UNPACKED, counts)


def _fail(row: Row, reason: str) -> None:
    changes = {"reason": reason, "origin_key": str(row["_id"])}  # it may come again
    _end(row, UploadState.FAILED, Event.UPLOAD_FAILED, {"reason": reason}, **changes)


def _end(
    row: Row, state: UploadState, event: Event, told: dict[str, Any], **changes: Any
) -> None:
    """Close an upload for good, unless somebody else has it; its bytes are dropped."""

    def close(session: ClientSession) -> bool:
        fields = {"state": state.value, "file_id": None, **changes}
        if not _change(row, UploadState.WORKING, fields, session):
            return False
        subject = ("upload", row["_id"])
        record(event, WORKER, of=subject, metadata=told, session=session)
        return True

    if transact(close) and row.get("file_id"):
        files.delete(row["file_id"])


def _change(
    row: Row, state: UploadState, changes: Row, session: ClientSession | None = None
) -> bool:
    """Change an upload that is still in that state and held by whoever read it."""
    held = {"_id": row["_id"], "state": state.value, "fence": row["fence"]}
    update = {"$set": {**changes, "updated_at": now()}}
    return bool(rows().update_one(held, update, session=session).modified_count)


def _entries() -> Any:
    return database()["upload_entries"]
