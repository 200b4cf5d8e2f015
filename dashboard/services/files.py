"""What rows hold: small things inside them, others in files of the database.

Files are written before what names them, and swept when nothing does.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Final, cast

import gridfs
from bson import Binary, ObjectId
from gridfs.errors import CorruptGridFile, NoFile
from pymongo.errors import BulkWriteError

from dashboard.documents.connection import Row, database, now

ORPHAN_AFTER: Final = timedelta(hours=1)
LOOK_BACK: Final = timedelta(days=3)
LARGE_CHUNK: Final = 1024 * 1024
CHUNK: Final = 255 * 1024  # what GridFS cuts files into
SMALL: Final = 32 * 1024  # what stands in its row, at most
DUPLICATE: Final = 11000


class FileLost(LookupError):
    """A file that is named is not there."""


def keep(collection: str, row: Row, content: bytes) -> None:
    """Store a row with its content; one `_id` is stored once.

    Whatever is named exists, because the file comes first.
    """
    insert(collection, holding(collection, [(row, content)]))


def holding(collection: str, given: Iterable[tuple[Row, bytes]]) -> list[Row]:
    """The rows, not stored yet, each with its content or the name of a new file."""
    pairs = list(given)
    large = put_all((c for _row, c in pairs if len(c) > SMALL), collection)
    names = iter(large)
    return [
        {**row, "file_id": next(names)}
        if len(content) > SMALL
        else {**row, "content": Binary(content)}
        for row, content in pairs
    ]


def insert(collection: str, rows: list[Row]) -> None:
    """Store rows that are not there yet; of the others, the new files are deleted."""
    if not rows:
        return
    try:
        database()[collection].insert_many(rows, ordered=False)
    except BulkWriteError:
        # Somebody else was quicker, or the driver repeated our own insert after a
        # lost answer. Only the former leaves our file without a name.
        ids = [row["file_id"] for row in rows if row.get("file_id")]
        wanted = {"file_id": {"$in": ids}}
        there = database()[collection].find(wanted, {"file_id": 1}) if ids else ()
        delete_all(set(ids) - {row["file_id"] for row in there})


def content_of(row: Row) -> bytes:
    """What a row holds or names, or `FileLost`."""
    return bytes(row["content"]) if "content" in row else read(row["file_id"])


def put(content: bytes, collection: str) -> ObjectId:
    """Store the content alone, for a row of the collection that will name it."""
    return put_all([content], collection)[0]


def put_all(contents: Iterable[bytes], collection: str) -> list[ObjectId]:
    """Store several contents at once."""
    given = list(contents)
    ids = [ObjectId() for _ in given]
    pieces = [
        _piece(file_id, n, content[at : at + CHUNK])
        for file_id, content in zip(ids, given, strict=True)
        for n, at in enumerate(range(0, len(content), CHUNK))
    ]
    described = [
        _described(file_id, collection, len(content), CHUNK)
        for file_id, content in zip(ids, given, strict=True)
    ]
    _add("fs.chunks", pieces)
    _add("fs.files", described)
    return ids


def delete(file_id: ObjectId) -> None:
    """Delete a file; one that is gone already is no fault."""
    gridfs.GridFS(database()).delete(file_id)


def drop(row: Row) -> None:
    """Delete the file a deleted row named, if it named one."""
    if row.get("file_id"):
        delete(row["file_id"])


def delete_all(ids: Iterable[ObjectId]) -> None:
    """Delete several files; those that are gone already are no fault."""
    wanted = list(ids)
    if wanted:
        database()["fs.files"].delete_many({"_id": {"$in": wanted}})
        database()["fs.chunks"].delete_many({"files_id": {"$in": wanted}})


def keep_stream(stream: BinaryIO, name: str) -> ObjectId:
    """Store what a stream holds, from its beginning; whoever asks names the file."""
    file_id, size = ObjectId(), 0
    stream.seek(0)
    for n, content in enumerate(iter(partial(stream.read, LARGE_CHUNK), b"")):
        _add("fs.chunks", [_piece(file_id, n, content)])
        size += len(content)
    _add("fs.files", [_described(file_id, name, size, LARGE_CHUNK)])
    return file_id


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


def _piece(file_id: ObjectId, n: int, content: bytes) -> Row:
    return {"_id": ObjectId(), "files_id": file_id, "n": n, "data": Binary(content)}


def _described(file_id: ObjectId, name: str, size: int, chunk: int) -> Row:
    told = {"filename": name, "chunkSize": chunk, "uploadDate": now()}
    return {"_id": file_id, "length": size, **told}


def _add(collection: str, rows: list[Row]) -> None:
    """Insert rows whose `_id` was made for them alone, though it be tried twice.

    In the form in which GridFS keeps files, whose own writer looks first whether there
    is any file at all: a question that reads every one on the embedded server.
    """
    if not rows:
        return
    try:
        database()[collection].insert_many(rows, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
            raise


def _is_named(file_id: ObjectId, collection: str, field: str) -> bool:
    found = database()[collection].find_one({field: file_id}, {"_id": 1})
    return found is not None
