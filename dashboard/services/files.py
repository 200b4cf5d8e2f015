"""Files in the database: written before what names them, swept when nothing does."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO, Final, cast

import gridfs
from bson import Binary, ObjectId
from gridfs.errors import CorruptGridFile, FileExists, NoFile
from pymongo.errors import BulkWriteError, DuplicateKeyError

from dashboard.documents.connection import Row, database, now

ORPHAN_AFTER: Final = timedelta(hours=1)
LOOK_BACK: Final = timedelta(days=3)
LARGE_CHUNK: Final = 1024 * 1024
CHUNK: Final = 255 * 1024  # what GridFS cuts files into


class FileLost(LookupError):
    """A file that is named is not there."""


def keep(collection: str, row: Row, content: bytes) -> None:
    """Store the content and a row that names it; one `_id` is stored once.

    Whatever is named exists, because the file comes first.
    """
    file_id = put(content, collection)
    try:
        database()[collection].insert_one({**row, "file_id": file_id})
    except DuplicateKeyError:
        # Somebody else was quicker, or the driver repeated our own insert after a
        # lost answer. Only the former leaves our file without a name.
        named = database()[collection].find_one({"_id": row["_id"]}) or {}
        if named.get("file_id") != file_id:
            delete(file_id)


def name_all(collection: str, rows: Iterable[Row], ids: Iterable[ObjectId]) -> None:
    """Store rows that name files; a file whose row was there before is deleted."""
    named = [
        {**row, "file_id": file_id} for row, file_id in zip(rows, ids, strict=True)
    ]
    if not named:
        return
    try:
        database()[collection].insert_many(named, ordered=False)
    except BulkWriteError:
        wanted = {"file_id": {"$in": [row["file_id"] for row in named]}}
        there = database()[collection].find(wanted, {"file_id": 1})
        kept = {row["file_id"] for row in there}
        for row in named:
            if row["file_id"] not in kept:
                delete(row["file_id"])


def put(content: bytes, collection: str) -> ObjectId:
    """Store the content alone, for a row of the collection that will name it."""
    files = gridfs.GridFS(database())
    try:
        file_id: ObjectId = files.put(content, filename=collection)
    except FileExists:  # a repeated write, as above: begin anew under another id
        file_id = files.put(content, filename=collection)
    return file_id


def put_all(contents: Iterable[bytes], collection: str) -> list[ObjectId]:
    """Store several contents at once, in the form in which GridFS keeps files."""
    given = list(contents)
    ids = [ObjectId() for _ in given]
    chunks, described = [], []
    for file_id, content in zip(ids, given, strict=True):
        for n, at in enumerate(range(0, len(content), CHUNK)):
            data = Binary(content[at : at + CHUNK])
            chunks.append({"files_id": file_id, "n": n, "data": data})
        told = {"filename": collection, "chunkSize": CHUNK, "uploadDate": now()}
        described.append({"_id": file_id, "length": len(content), **told})
    if described:
        database()["fs.chunks"].insert_many(chunks)
        database()["fs.files"].insert_many(described)
    return ids


def delete(file_id: ObjectId) -> None:
    """Delete a file; one that is gone already is no fault."""
    gridfs.GridFS(database()).delete(file_id)


def delete_all(ids: Iterable[ObjectId]) -> None:
    """Delete several files; those that are gone already are no fault."""
    wanted = list(ids)
    if wanted:
        database()["fs.files"].delete_many({"_id": {"$in": wanted}})
        database()["fs.chunks"].delete_many({"files_id": {"$in": wanted}})


def keep_stream(stream: BinaryIO, name: str) -> ObjectId:
    """Store what a stream holds, from its beginning; whoever asks names the file."""
    files = gridfs.GridFS(database())
    for _turn in (1, 2):
        stream.seek(0)
        with suppress(FileExists):  # a repeated write, as below: under another id
            file_id: ObjectId = files.put(stream, filename=name, chunkSize=LARGE_CHUNK)
            return file_id
    raise FileLost(name)


def stream(file_id: ObjectId) -> BinaryIO:
    """A file to be read piece by piece, or `FileLost`."""
    try:
        return cast("BinaryIO", gridfs.GridFS(database()).get(file_id))
    except NoFile as error:
        raise FileLost(str(file_id)) from error


def read(file_id: ObjectId) -> bytes:
    """The content of a file, or `FileLost`."""
    try:
        content: bytes = gridfs.GridFS(database()).get(file_id).read()
    except (NoFile, CorruptGridFile) as error:
        raise FileLost(str(file_id)) from error
    return content


def sweep(collection: str, field: str = "file_id") -> int:
    """Delete files older than an hour that no row of the collection names."""
    old = {"$gte": now() - LOOK_BACK, "$lte": now() - ORPHAN_AFTER}
    wanted = {"filename": collection, "uploadDate": old}
    found = [row["_id"] for row in database()["fs.files"].find(wanted, {"_id": 1})]
    orphans = [
        file_id for file_id in found if not _is_named(file_id, collection, field)
    ]
    for file_id in orphans:
        delete(file_id)
    return len(orphans)


def sweep_pieces() -> int:
    """Delete the pieces of files whose writing was cut short."""
    old = {
        "$gte": ObjectId.from_datetime(now() - LOOK_BACK),
        "$lte": ObjectId.from_datetime(now() - ORPHAN_AFTER),
    }
    chunks = database()["fs.chunks"]
    found = [
        row["files_id"] for row in chunks.find({"_id": old, "n": 0}, {"files_id": 1})
    ]
    files = database()["fs.files"]
    orphans = [file_id for file_id in found if not files.find_one({"_id": file_id})]
    for file_id in orphans:
        chunks.delete_many({"files_id": file_id})
    return len(orphans)


def _is_named(file_id: ObjectId, collection: str, field: str) -> bool:
    found = database()[collection].find_one({field: file_id}, {"_id": 1})
    return found is not None
