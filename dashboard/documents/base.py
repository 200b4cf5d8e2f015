"""What every collection shares: keyset pages over a widening window of time.

A list that is asked for several things at once is a search: of the rows that have the
rarest of them, some have the rest. A search looks through so many rows and no more,
then says how far back it came; the next page goes on from there.
"""

import binascii
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from bson.errors import InvalidId
from pymongo.collection import Collection

Row = dict[str, Any]

BEGINNING: Final = datetime(1990, 1, 1, tzinfo=UTC)
FIRST_ID: Final = ObjectId("0" * 24)
LAST_ID: Final = ObjectId("f" * 24)
BETWEEN: Final = (FIRST_ID, LAST_ID)  # of places no row has, with no ties to decide
MAX_WINDOWS: Final = 4
SEARCH_COMMANDS: Final = 3
BLIND_GROWTH: Final = 16.0
SHORTEST: Final = timedelta(seconds=1)
# How many rows one page of a search looks through, by how long some of them took.
SEARCH_SECONDS: Final = 0.01
MIN_LOOKED: Final = 100
MAX_LOOKED: Final = 5000
MAX_SIZE: Final = 100
TICK: Final = timedelta(milliseconds=1)  # what stored times are cut to
LATEST: Final = 10**14  # milliseconds; no row is that young
UNREADABLE: Final = (
    *(binascii.Error, ValueError, TypeError, OverflowError, OSError),
    InvalidId,
)


class BadCursor(ValueError):
    """A page key that was not made by a page of this list."""


@dataclass(frozen=True, slots=True)
class Key:
    """The place after which a page begins: the last row of the one before."""

    at: datetime
    id: ObjectId

    def __str__(self) -> str:
        milliseconds = int(self.at.timestamp() * 1000)
        packed = milliseconds.to_bytes(8, "big") + self.id.binary
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read a key back; raise `BadCursor` for anything a page did not write."""
        try:
            packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            milliseconds = int.from_bytes(packed[:8], "big")
            at = datetime.fromtimestamp(min(milliseconds, LATEST) / 1000, UTC)
            return cls(at, ObjectId(packed[8:]))
        except UNREADABLE as error:
            raise BadCursor(text[:40]) from error


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first, and where the next ones begin."""

    rows: list[Row]
    after: Key | None  # None: nothing older matches
    is_cut: bool = False  # not looked further than `after`, where more may match


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list shows: one indexed equality that bounds it, and the rest."""

    bound: Mapping[str, Any]
    rest: Mapping[str, Any]
    since: datetime = BEGINNING  # rows before it are not shown
    until: datetime | None = None  # nor those after it

    @property
    def names(self) -> tuple[str, ...]:
        """What is asked for, for guessing how many rows a day holds."""
        rest = self.rest.get("facets", {}).get("$all", [])
        return (*map(str, self.bound.values()), *rest)


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a page asks for the rows of one window of time."""

    collection: Collection[Row]
    selection: Selection
    size: int
    fields: tuple[str, ...]
    by: str

    def rows(self, place: Key, bottom: datetime, limit: int) -> list[Row]:
        """The newest rows below a place that lie in a window."""
        older = place.id not in BETWEEN and self._below(place)
        fields = dict.fromkeys([self.by, *self.fields], 1)
        within, order = self._within(place, bottom), {self.by: -1, "_id": -1}
        if not older and not self.selection.rest:
            found = self.collection.find(within, fields)
            return list(found.sort(list(order.items())).limit(limit))
        # Two $match stages, so that the first is exactly an index prefix and bounds
        # the work; the ties of one millisecond are decided in the second.
        steps: list[Mapping[str, Any]] = [
            {"$match": within},
            {"$match": {**self.selection.rest, **(older or {})}},
            {"$sort": order},
            {"$limit": limit},
            {"$project": fields},
        ]
        return list(self.collection.aggregate(steps))

    def looked_at(self, place: Key, bottom: datetime) -> int:
        """How many rows had to be looked at in a window; counted up to the most."""
        steps: list[dict[str, Any]] = [
            {"$match": self._within(place, bottom)},
            {"$limit": MAX_LOOKED},
            {"$count": "rows"},
        ]
        return sum(int(row["rows"]) for row in self.collection.aggregate(steps))

    def cut(self, rows: list[Row]) -> Page | None:
        """The page, if there are more rows than it holds."""
        if len(rows) <= self.size:
            return None
        last = rows[self.size - 1]
        return Page(rows[: self.size], Key(last[self.by], last["_id"]))

    def _below(self, place: Key) -> dict[str, Any]:
        return {"$or": [{self.by: {"$lt": place.at}}, {"_id": {"$lt": place.id}}]}

    def _within(self, place: Key, bottom: datetime) -> dict[str, Any]:
        # The bound is $lt the next millisecond: on a compound index the embedded
        # server takes $lte for $lt.
        top = place.at if place.id == FIRST_ID else place.at + TICK
        within = {"$gte": bottom, "$lt": top}
        return {**self.selection.bound, self.by: within}


def page(
    collection: Collection[Row],
    selection: Selection,
    *,
    size: int,
    after: Key | None,
    fields: Iterable[str],
    first_window: Callable[[datetime], timedelta],
    now: datetime,
    by: str = "received_at",
    commands: int = MAX_WINDOWS,
) -> Page:
    """Read one page over `(by, _id)`, newest first; `by` names a time of every row.

    Each query is bounded by time on both sides; a page that stays short widens the
    window, with at most so many commands. `first_window` guesses how far back a full
    page lies; a bad guess costs a query, never a row. The page of a search may
    hold few rows, or none, and yet not be the last.
    """
    place = after or Key(selection.until or now + timedelta(days=1), LAST_ID)
    start = min(place.at, now)  # hardly anything lies in the future
    reader = _Reader(collection, selection, size, tuple(fields), by)
    read = _search if selection.rest else _walk
    return read(reader, place, start, first_window(start), commands)


def _walk(
    reader: _Reader, place: Key, start: datetime, width: timedelta, commands: int
) -> Page:
    """Rows that all match: windows widen, and the last one is all that is left."""
    since, rows = reader.selection.since, list[Row]()
    for turn in range(commands):
        is_last = turn == commands - 1
        bottom = since if is_last else _bottom(start, width, since)
        missing = reader.size + 1 - len(rows)
        found = reader.rows(place, bottom, missing)
        rows += found
        if full := reader.cut(rows):
            return full
        if bottom <= since:
            break
        place, start = Key(bottom, FIRST_ID), bottom
        width = min(width * _growth(len(found), missing), start - BEGINNING)
    return Page(rows, None)


def _search(
    reader: _Reader, place: Key, start: datetime, width: timedelta, commands: int
) -> Page:
    """Rows of which some match: looks through so many and says how far it came.

    Where a first window that many rows lie in holds none to look at, what bounds the
    search is rare, and the next window is all that is left.
    """
    since, size = reader.selection.since, reader.size
    bottom = _bottom(start, max(width, SHORTEST), since)
    rows = reader.rows(place, bottom, size + 1)
    if len(rows) > size or bottom <= since:
        return reader.cut(rows) or Page(rows, None)
    if commands < SEARCH_COMMANDS:
        return Page(rows, Key(bottom, FIRST_ID), is_cut=True)
    began = time.perf_counter()
    looked, missing = reader.looked_at(place, bottom), size + 1 - len(rows)
    further = since
    if looked:
        left = enough(looked, time.perf_counter() - began) / looked - 1
        wider = min(left, 2 * _growth(len(rows), missing)) if rows else left
        further = _bottom(bottom, (start - bottom) * max(wider, 0), since)
    rows += reader.rows(Key(bottom, FIRST_ID), further, missing)
    if full := reader.cut(rows):
        return full
    is_cut = further > since
    return Page(rows, Key(further, FIRST_ID) if is_cut else None, is_cut)


def enough(looked: int, seconds: float) -> float:
    """How many rows a page may look through where so many took so long."""
    return min(max(looked * SEARCH_SECONDS / seconds, MIN_LOOKED), MAX_LOOKED)


def _bottom(start: datetime, width: timedelta, since: datetime) -> datetime:
    """Where a window ends: in whole milliseconds, as keys and rows are."""
    if width >= start - since:
        return since
    bottom = start - width
    return bottom.replace(microsecond=bottom.microsecond // 1000 * 1000)


def _growth(found: int, missing: int) -> float:
    """How much wider the next window is to be, by what this one held of a page.

    Twice what the rate promises: a window too many reads everything that is left.
    """
    return max(2 * (missing - found) / found, 1) if found else BLIND_GROWTH
