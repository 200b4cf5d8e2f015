"""Storing the bytes of messages: once each, compressed, under no name of a sender's."""

import hashlib
import zlib
from datetime import timedelta
from typing import Final

import gridfs
from bson import ObjectId
from gridfs.errors import NoFile
from pymongo.errors import DuplicateKeyError

from dashboard.documents.connection import database, now
from dashboard.services import archives

ORPHAN_AFTER: Final = timedelta(hours=1)
LEVEL: Final = 6
BUCKET: Final = "message"
OWNERS: Final = {BUCKET: "messages", archives.BUCKET: "attachment_archives"}


class MessageLost(LookupError):
    """The stored bytes of a message are gone or no longer what they were."""


def digest(raw: bytes) -> str:
    """The SHA-256 a message is known by."""
    return hashlib.sha256(raw).hexdigest()


def store(raw: bytes) -> str:
    """Keep the bytes and return their SHA-256; the same bytes are kept once.

    The bytes are written before the document that names them, so that whatever is
    named exists; what was written and never named is swept daily.
    """
    sha256 = digest(raw)
    if database()["messages"].find_one({"_id": sha256}, {"_id": 1}):
        return sha256
    files = gridfs.GridFS(database())
    file_id = files.put(zlib.compress(raw, LEVEL), filename=BUCKET)
    row = {"_id": sha256, "file_id": file_id, "size": len(raw), "created_at": now()}
    try:
        database()["messages"].insert_one(row)
    except DuplicateKeyError:
        files.delete(file_id)  # somebody stored the same bytes meanwhile
    return sha256


def load(sha256: str) -> bytes:
    """The bytes of a message; raise `MessageLost` when they cannot be had."""
    row = database()["messages"].find_one({"_id": sha256})
    if row is None:
        raise MessageLost(sha256)
    try:
        raw = zlib.decompress(gridfs.GridFS(database()).get(row["file_id"]).read())
    except (NoFile, zlib.error) as error:
        raise MessageLost(sha256) from error
    if digest(raw) != sha256:
        raise MessageLost(sha256)
    return raw


def sweep_orphans() -> int:
    """Delete files older than an hour that nothing names; return how many."""
    old = {"$gte": now() - timedelta(days=3650), "$lte": now() - ORPHAN_AFTER}
    files, deleted = gridfs.GridFS(database()), 0
    for bucket, owner in OWNERS.items():
        wanted = {"filename": bucket, "uploadDate": old}
        for row in database()["fs.files"].find(wanted, {"_id": 1}):
            if not _is_named(row["_id"], owner):
                files.delete(row["_id"])
                deleted += 1
    return deleted


def _is_named(file_id: ObjectId, owner: str) -> bool:
    return database()[owner].find_one({"file_id": file_id}, {"_id": 1}) is not None
