"""The one door for what is handed in: a message, or a container to be unpacked."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO, Final

import pymongo
from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import transact
from dashboard.domain import intake
from dashboard.domain.findings import Sentence
from dashboard.domain.intake import Kind
from dashboard.domain.statuses import UploadState
from dashboard.services import analyses, files, queue
from dashboard.services.analyses import Accepted, Submission, TooLarge
from dashboard.services.audit import Actor, Event, record
from dashboard.services.jobs import Job

MAX_NAME: Final = 200
LEASE: Final = timedelta(seconds=15)  # longer than the hard time limit of a task
DELIVERY: Final = timedelta(seconds=10)
STORE_SECONDS: Final = 30.0
PIECE: Final = 1024 * 1024
COLLECTION: Final = "uploads"

TOO_MUCH: Final = Sentence("The file is larger than may be handed in at once.")


@dataclass(frozen=True, slots=True)
class Given:
    """Something somebody hands in: bytes, a name that is only shown, a way in."""

    stream: BinaryIO = field(repr=False)
    source: str  # "upload", "command", "inbox", "api"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes one message, and one container, may have."""

    message: int
    container: int
    seconds: float = 5.0  # of database time for one message


@dataclass(frozen=True, slots=True)
class Opened:
    """The upload of a container, and whether it was there before."""

    upload_id: str
    is_new: bool


def take_in(given: Given, actor: Actor, limits: Limits) -> Accepted | Opened:
    """Store a message or a container and queue the work, or raise `Refused`.

    Only the first bytes are looked at. The same bytes handed in twice by one person
    are one analysis or one upload.
    """
    given.stream.seek(0)
    head = given.stream.read(intake.HEAD_BYTES)
    # What was pasted is one message, also with the line of a mailbox before it.
    is_file = given.source != "paste"
    kind = intake.kind_of(head, given.name) if is_file else None
    if kind is None:
        raw = head + given.stream.read(limits.message + 1)
        submission = Submission(raw, given.source, given.name)
        with pymongo.timeout(limits.seconds):
            return analyses.submit(submission, actor, max_bytes=limits.message)
    with pymongo.timeout(STORE_SECONDS):
        return _store(given, kind, actor, limits)


def _store(given: Given, kind: Kind, actor: Actor, limits: Limits) -> Opened:
    sha256, size = _measure(given.stream, limits.container)
    owner = actor.user_id or actor.name
    origin = f"{owner}:{sha256}"
    if known := rows().find_one({"origin_key": origin}, {"_id": 1}):
        return Opened(str(known["_id"]), is_new=False)
    row = _new_row(given, kind, actor) | {
        "origin_key": origin,
        "sha256": sha256,
        "size": size,
        "file_id": files.keep_stream(given.stream, COLLECTION),
    }

    def create(session: ClientSession) -> None:
        rows().insert_one(row, session=session)
        told = {"sha256": sha256, "size": size, "source": given.source, "kind": kind}
        subject = ("upload", row["_id"])
        record(Event.UPLOAD_STORED, actor, of=subject, metadata=told, session=session)

    try:
        transact(create)
    except DuplicateKeyError:
        files.delete(row["file_id"])
        found = rows().find_one({"origin_key": origin}, {"_id": 1})
        if found is None:
            raise
        return Opened(str(found["_id"]), is_new=False)
    queue.enqueue(Job.UNPACK, str(row["_id"]))
    return Opened(str(row["_id"]), is_new=True)


def _measure(stream: BinaryIO, limit: int) -> tuple[str, int]:
    """The SHA-256 and the length of a stream; `TooLarge` as soon as it is."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > limit:
            raise TooLarge(TOO_MUCH)
        digest.update(piece)
    return digest.hexdigest(), size


def _new_row(given: Given, kind: Kind, actor: Actor) -> Row:
    at = now()
    owner = actor.user_id or actor.name
    return {
        "_id": ObjectId(),
        "user_id": owner,
        "actor": actor.name,
        "request_id": actor.request_id,
        "source": given.source,
        "name": given.name[:MAX_NAME],
        "kind": kind.value,
        "state": UploadState.WAITING.value,
        "fence": 0,
        "attempts": 0,
        "lease_until": at + DELIVERY,
        **dict.fromkeys(("member", "offset", "seen", "accepted", "known"), 0),
        "refused": 0,
        "is_cut": False,
        "reason": "",
        "facets": [f"by:{owner}"],
        "received_at": at,
        "created_at": at,
        "updated_at": at,
    }


def rows() -> Any:
    """The collection of uploads."""
    return database()[COLLECTION]
