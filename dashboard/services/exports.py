"""Taking lists along: short ones at once, long ones written by a worker.

A long one is written in pieces. Each piece is a file and a row that says how far it
goes, moved on by compare-and-set, so that a worker may be killed at any moment and
two of them may try at once: nothing is written twice and nothing is left out.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import pymongo
from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError

from dashboard.documents.base import BEGINNING, TICK, Key, Page, Row, Selection, page
from dashboard.documents.connection import database, now
from dashboard.documents.counters import histogram
from dashboard.documents.transactions import transact
from dashboard.domain.cells import csv_line, json_line
from dashboard.domain.findings import Sentence
from dashboard.services import files, queue
from dashboard.services.analyses import NotAllowed
from dashboard.services.audit import WORKER, Actor, Event, record
from dashboard.services.columns import SHEETS, Sheet
from dashboard.services.jobs import Job

DIRECT_ROWS: Final = 10_000  # a longer list is written in the background
STEP_ROWS: Final = 500
PIECE_ROWS: Final = 20_000
PIECE_SECONDS: Final = 3.0  # well below what a task may take
STEP_SECONDS: Final = 3.0  # of database time
COUNT_SECONDS: Final = 2.0  # well below what a request may take
COUNT_GROWTH: Final = 4
KEPT_FOR: Final = timedelta(hours=24)
SLOTS: Final = ("1", "2", "3")  # exports one person may have under way
SILENT_AFTER: Final = timedelta(seconds=20)
MAX_ATTEMPTS: Final = 5
SWEEP_LIMIT: Final = 100
MIN_WINDOW: Final = timedelta(minutes=1)


class Format(StrEnum):
    """How rows are written; the value is the end of the file's name."""

    CSV = "csv"
    JSONL = "jsonl"


class TooMany(NotAllowed):
    """Somebody has as many exports under way as they may have."""


@dataclass(frozen=True, slots=True)
class Order:
    """A list as somebody asks for it: which rows, and how they are written."""

    listed: str
    format: Format
    facets: tuple[str, ...]
    since: datetime
    until: datetime  # rows that come later are not part of it
    asked: str = ""  # the filter as the address said it
    is_rising: bool = False  # the oldest row comes first; of analyses alone

    @property
    def sheet(self) -> Sheet:
        return SHEETS[self.listed]

    @property
    def selection(self) -> Selection:
        facets = list(self.facets)
        found = self.sheet.select(facets, since=self.since, until=self.until)
        return replace(found, is_rising=self.is_rising)

    @property
    def begin(self) -> datetime:
        """The time near which its first rows lie."""
        return max(histogram.begin(), self.since) if self.is_rising else self.until


def count(order: Order, at_most: int) -> int:
    """How many rows the list has; counting stops soon after the given number.

    Counted are windows of time, each wider than the one before, so that a long list
    is known for one by its newest rows. What takes too long to count is long.
    """
    top, width, found = order.until + TICK, order.sheet.first_window, 0
    try:
        with pymongo.timeout(COUNT_SECONDS):
            while top > order.since and found <= at_most:
                bottom = max(order.since, top - width)
                found += _count(order, bottom, top, at_most + 1 - found)
                top, width = bottom, width * COUNT_GROWTH
    except PyMongoError as error:
        if error.timeout:
            return at_most + 1
        raise
    return found


def note(order: Order, rows: int, actor: Actor) -> None:
    """Record that somebody takes a list along, before the first row leaves."""
    record(
        Event.EXPORT_CREATED,
        actor,
        of=("list", order.listed),
        metadata={"format": order.format.value, "filter": order.asked, "rows": rows},
    )


def written(order: Order, seconds: float) -> Iterator[bytes]:
    """The file piece by piece; each step may take so long in the database."""
    yield _head(order)
    steps = _walk(order)
    while True:
        with pymongo.timeout(seconds):
            step = next(steps, None)
        if step is None:
            return
        yield _body(order, step[0])


def of_rows(order: Order, rows: list[Row]) -> bytes:
    """These rows as a whole file."""
    return _head(order) + _body(order, rows)


def begin(order: Order, actor: Actor) -> ObjectId:
    """Have a worker write the list; raise `TooMany` when enough are under way."""
    row = _new_row(order, actor)
    for slot in SLOTS:
        try:
            _store({**row, "slot": slot}, order, actor)
        except DuplicateKeyError:
            continue
        queue.enqueue(Job.EXPORT, str(row["_id"]))
        created: ObjectId = row["_id"]
        return created
    raise TooMany(
        Sentence("Three exports of yours are being written. Wait for one of them.")
    )


def advance(export_id: str) -> None:
    """Write the next piece of an export. Safe to run twice, and by two at once."""
    with pymongo.timeout(STEP_SECONDS):
        row = _exports().find_one({"_id": ObjectId(export_id)})
    if row is None or row["state"] != "running":
        return
    piece = _piece(row)
    with pymongo.timeout(STEP_SECONDS):
        file_id = files.put(piece.content, "exports")
        if not transact(lambda session: _append(row, piece, file_id, session)):
            files.delete(file_id)  # somebody else has written it
            return
    if piece.after:
        queue.enqueue(Job.EXPORT, export_id)


def content(row: Row, seconds: float) -> Iterator[bytes]:
    """The finished file, piece by piece; raise `FileLost` if it is not whole."""
    for file_id in row["parts"]:
        with pymongo.timeout(seconds):
            yield files.read(file_id)


def note_download(row: Row, actor: Actor) -> None:
    """Record that its owner takes a finished export, before the first byte leaves."""
    told = {"list": row["listed"], "format": row["format"], "rows": row["rows"]}
    record(Event.EXPORT_DOWNLOADED, actor, of=("export", row["_id"]), metadata=told)


def sweep() -> None:
    """Go on with exports whose worker is gone, and delete those nobody may have."""
    silent = {"$gte": BEGINNING, "$lte": now() - SILENT_AFTER}
    running = {"state": "running", "touched_at": silent}
    for row in _exports().find(running).limit(SWEEP_LIMIT):
        _bring_back(row)
    expired = {"expires_at": {"$gte": BEGINNING, "$lte": now()}}
    for row in _exports().find(expired).limit(SWEEP_LIMIT):
        _exports().delete_one({"_id": row["_id"]})
        for file_id in row["parts"]:
            files.delete(file_id)


@dataclass(frozen=True, slots=True)
class _Piece:
    content: bytes
    rows: int
    after: str  # empty: the list ends here
    window: float


def _walk(
    order: Order, after: Key | None = None, window: timedelta | None = None
) -> Iterator[tuple[list[Row], Key | None, timedelta]]:
    """The rows in their order in steps, each read in a window as wide as the last."""
    sheet, selection = order.sheet, order.selection
    window = window or sheet.first_window
    while True:
        found = _step(order, selection, after, window)
        if len(found.rows) == STEP_ROWS:
            start = after.at if after else order.begin
            window = max(abs(start - found.rows[-1][sheet.by]) * 1.2, MIN_WINDOW)
        after = found.after
        yield found.rows, after, window
        if after is None:
            return


def _count(order: Order, bottom: datetime, top: datetime, at_most: int) -> int:
    sheet, selection = order.sheet, order.selection
    within = {**selection.bound, sheet.by: {"$gte": bottom, "$lt": top}}
    rest: list[Any] = [{"$match": selection.rest}] if selection.rest else []
    steps: list[Any] = [
        {"$match": within},
        *rest,
        {"$limit": at_most},
        {"$count": "rows"},
    ]
    counted = list(database()[sheet.collection].aggregate(steps))
    return int(counted[0]["rows"]) if counted else 0


def _step(
    order: Order,
    selection: Selection,
    after: Key | None,
    window: timedelta,
) -> Page:
    return page(
        database()[order.sheet.collection],
        selection,
        size=STEP_ROWS,
        after=after,
        fields=order.sheet.fields,
        first_window=lambda _top: window,
        now=order.until,
        by=order.sheet.by,
        begin=order.begin,
    )


def _piece(row: Row) -> _Piece:
    """As many rows as fit into the time of a task."""
    order = _order(row)
    written = [_head(order)] if row["step"] == 0 else []
    started, count = time.monotonic(), 0
    place = Key.parse(row["after"]) if row["after"] else None
    steps = _walk(order, place, timedelta(seconds=row["window"]))
    while True:
        with pymongo.timeout(STEP_SECONDS):
            rows, after, window = next(steps)
        written.append(_body(order, rows))
        count += len(rows)
        is_late = time.monotonic() - started > PIECE_SECONDS
        if after is None or is_late or count >= PIECE_ROWS:
            told = str(after) if after else ""
            return _Piece(b"".join(written), count, told, window.total_seconds())


def _append(row: Row, piece: _Piece, file_id: ObjectId, session: ClientSession) -> bool:
    is_done, at = not piece.after, now()
    changed: dict[str, Any] = {
        "after": piece.after,
        "window": piece.window,
        "rows": row["rows"] + piece.rows,
        "size": row["size"] + len(piece.content),
        "attempts": 0,
        "touched_at": at,
    }
    if is_done:
        ended = {"state": "done", "slot": str(row["_id"]), "finished_at": at}
        changed |= {**ended, "expires_at": at + KEPT_FOR}
    mine = {"_id": row["_id"], "state": "running", "step": row["step"]}
    update = {"$set": changed, "$push": {"parts": file_id}, "$inc": {"step": 1}}
    if not _exports().update_one(mine, update, session=session).modified_count:
        return False
    if is_done:
        told = {"list": row["listed"], "rows": changed["rows"]}
        of = ("export", row["_id"])
        record(Event.EXPORT_FINISHED, WORKER, of=of, metadata=told, session=session)
    return True


def _bring_back(row: Row) -> None:
    """Ask again for the next piece; give up when it was asked for too often."""
    is_lost = row["attempts"] >= MAX_ATTEMPTS
    changed: dict[str, Any] = {"touched_at": now(), "attempts": row["attempts"] + 1}
    if is_lost:
        changed |= {"state": "failed", "slot": str(row["_id"])}
    mine = {"_id": row["_id"], "state": "running", "step": row["step"]}
    if _exports().update_one(mine, {"$set": changed}).modified_count and not is_lost:
        queue.enqueue(Job.EXPORT, str(row["_id"]))


def _head(order: Order) -> bytes:
    is_table = order.format is Format.CSV
    return csv_line(order.sheet.columns).encode() if is_table else b""


def _body(order: Order, rows: list[Row]) -> bytes:
    columns = order.sheet.columns
    if order.format is Format.CSV:
        lines = [csv_line(read(row) for read in columns.values()) for row in rows]
    else:
        lines = [
            json_line({n: read(row) for n, read in columns.items()}) for row in rows
        ]
    return "".join(lines).encode("utf-8", "replace")


def _store(row: Row, order: Order, actor: Actor) -> None:
    def work(session: ClientSession) -> None:
        _exports().insert_one(row, session=session)
        told = {"format": row["format"], "filter": order.asked, "export": row["_id"]}
        of = ("list", order.listed)
        record(Event.EXPORT_CREATED, actor, of=of, metadata=told, session=session)

    transact(work)


def _new_row(order: Order, actor: Actor) -> Row:
    at = now()
    return {
        "_id": ObjectId(),
        "user_id": actor.user_id,
        "username": actor.name,
        "listed": order.listed,
        "format": order.format.value,
        "asked": order.asked,
        "facets": list(order.facets),
        "since": order.since,
        "until": order.until,
        "is_rising": order.is_rising,
        "state": "running",
        "step": 0,
        "rows": 0,
        "size": 0,
        "after": "",
        "window": order.sheet.first_window.total_seconds(),
        "parts": [],
        "attempts": 0,
        "created_at": at,
        "touched_at": at,
        "finished_at": None,
        "expires_at": at + KEPT_FOR,
    }


def _order(row: Row) -> Order:
    form, facets = Format(row["format"]), tuple(row["facets"])
    dates, is_rising = (row["since"], row["until"]), row.get("is_rising", False)
    return Order(row["listed"], form, facets, *dates, row["asked"], is_rising)


def _exports() -> Any:
    return database()["exports"]
