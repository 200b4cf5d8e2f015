"""Storing the bytes of messages: once each, compressed, under no name of a sender's."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.services import files
from dashboard.services.files import FileLost

LEVEL: Final = 6
COLLECTION: Final = "messages"


class MessageLost(LookupError):
    """The stored bytes of a message are gone or no longer what they were."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages about to be kept: which they are, and the rows of those not known."""

    hashes: list[str]
    new: list[Row]


def digest(raw: bytes) -> str:
    """The SHA-256 a message is known by."""
    return hashlib.sha256(raw).hexdigest()


def store(raw: bytes) -> str:
    """Keep the bytes and return their SHA-256; the same bytes are kept once."""
    prepared = prepare([raw])
    put(prepared)
    return prepared.hashes[0]


def prepare(raws: Iterable[bytes]) -> Prepared:
    """Look which messages are new, and make ready what is to be kept of those."""
    given = [(digest(raw), raw) for raw in raws]
    named = {"_id": {"$in": [sha256 for sha256, _ in given]}}
    known = {row["_id"] for row in database()[COLLECTION].find(named, {"_id": 1})}
    new = {sha256: raw for sha256, raw in given if sha256 not in known}
    packed = (
        (_new_row(key, raw), zlib.compress(raw, LEVEL)) for key, raw in new.items()
    )
    rows = files.holding(COLLECTION, packed)
    return Prepared([sha256 for sha256, _ in given], rows)


def put(prepared: Prepared) -> None:
    """Keep what is new, whatever becomes of anything else."""
    files.insert(COLLECTION, prepared.new)


def keep(prepared: Prepared, hashes: Iterable[str], session: ClientSession) -> None:
    """Keep what is new and hold the others of these, in the caller's transaction.

    Raises `DuplicateKeyError` when somebody else keeps the same now.
    """
    if prepared.new:
        database()[COLLECTION].insert_many(prepared.new, session=session)
    if known := set(hashes) - {row["_id"] for row in prepared.new}:
        hold(known, session)


def hold(hashes: Iterable[str], session: ClientSession) -> None:
    """Keep stored bytes from being deleted before this transaction names them.

    Raises `MessageLost` when some are gone already, with the last analysis of them.
    """
    wanted = sorted(set(hashes))
    named, touched = {"_id": {"$in": wanted}}, {"$set": {"held_at": now()}}
    held = database()[COLLECTION].update_many(named, touched, session=session)
    if held.matched_count < len(wanted):
        raise MessageLost(", ".join(wanted))


def load(sha256: str) -> bytes:
    """The bytes of a message; raise `MessageLost` when they cannot be had."""
    row = database()[COLLECTION].find_one({"_id": sha256})
    if row is None:
        raise MessageLost(sha256)
    try:
        raw = zlib.decompress(files.content_of(row))
    except (FileLost, zlib.error) as error:
        raise MessageLost(sha256) from error
    if digest(raw) != sha256:
        raise MessageLost(sha256)
    return raw


def sweep_orphans() -> int:
    """Delete stored bytes that nothing names any more; return how many files."""
    collections = (COLLECTION, "attachment_archives", "uploads")
    exported = files.sweep("exports", field="parts")
    return exported + sum(map(files.sweep, collections)) + files.sweep_pieces()


def _new_row(sha256: str, raw: bytes) -> Row:
    return {"_id": sha256, "size": len(raw), "created_at": now()}
