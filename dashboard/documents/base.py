"""What every collection shares: keyset pages over a widening window of time.

A list begins with its newest row and goes back in time, or rises from its oldest one.

A list that is asked for several things at once is a search: of the rows that have the
rarest of them, some have the rest. A search looks through so many rows and no more,
then says how far back it came; the next page goes on from there.
"""

import binascii
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from pymongo.collection import Collection

Row = dict[str, Any]

BEGINNING: Final = datetime(1990, 1, 1, tzinfo=UTC)
FIRST_ID: Final = ObjectId("0" * 24)
LAST_ID: Final = ObjectId("f" * 24)
BETWEEN: Final = (FIRST_ID, LAST_ID)  # of places no row has, with no ties to decide
FACETS: Final = "facets"
MAX_WINDOWS: Final = 4
SEARCH_COMMANDS: Final = 3
BLIND_GROWTH: Final = 16.0
NOTHING: Final = timedelta()
SHORTEST: Final = timedelta(seconds=1)
# How many rows one page of a search looks through, by how long some of them took.
SEARCH_SECONDS: Final = 0.01
MIN_LOOKED: Final = 75
MAX_LOOKED: Final = 5000
MAX_SIZE: Final = 100
TICK: Final = timedelta(milliseconds=1)  # what stored times are cut to
LATEST: Final = 10**14  # milliseconds; no row is that young
RISING: Final = b"\x01"  # what the keys of a list begin with that rises
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
    is_rising: bool = False  # of a list that begins with its oldest row

    def __str__(self) -> str:
        milliseconds = int(self.at.timestamp() * 1000).to_bytes(7, "big")
        packed = (RISING if self.is_rising else b"\0") + milliseconds + self.id.binary
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read a key back; raise `BadCursor` for anything a page did not write."""
        try:
            packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            milliseconds = int.from_bytes(packed[1:8], "big")
            at = datetime.fromtimestamp(min(milliseconds, LATEST) / 1000, UTC)
            return cls(at, ObjectId(packed[8:]), packed[:1] == RISING)
        except UNREADABLE as error:
            raise BadCursor(text[:40]) from error


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in their order, and where the next ones begin."""

    rows: list[Row]
    after: Key | None  # None: nothing further matches
    is_cut: bool = False  # not looked further than `after`, where more may match
    density: float | None = None  # rows a second that what bounds the search has


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list shows: one indexed equality that bounds it, and the rest."""

    bound: Mapping[str, Any]
    rest: Mapping[str, Any]
    since: datetime = BEGINNING  # rows before it are not shown
    until: datetime | None = None  # nor those after it
    is_rising: bool = False  # the oldest row comes first

    @property
    def way(self) -> int:
        """Which way through time the list goes."""
        return 1 if self.is_rising else -1

    @property
    def names(self) -> tuple[str, ...]:
        """What is asked for, for guessing how many rows a day holds."""
        rest = self.rest.get("facets", {}).get("$all", [])
        return (*map(str, self.bound.values()), *rest)


class _Few(NamedTuple):
    """What was found in a window that was expected to hold few rows."""

    rows: list[Row]
    looked: int | None = None  # how many rows it held, where that was seen
    came_to: Key | None = None  # where it was left, because it held too many


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a page asks for the rows of one window of time."""

    collection: Collection[Row]
    selection: Selection
    size: int
    fields: tuple[str, ...]
    by: str
    end: datetime  # of the list; rows from here on are not shown

    @property
    def order(self) -> dict[str, int]:
        return dict.fromkeys((self.by, "_id"), self.selection.way)

    def rows(self, place: Key, far: datetime, limit: int) -> list[Row]:
        """The first rows beyond a place that lie in a window."""
        beyond = place.id not in BETWEEN and self._beyond(place)
        fields = dict.fromkeys([self.by, *self.fields], 1)
        within = self._within(place, far)
        if not beyond and not self.selection.rest:
            found = self.collection.find(within, fields)
            return list(found.sort(list(self.order.items())).limit(limit))
        # Two $match stages, so that the first is exactly an index prefix and bounds
        # the work; the ties of one millisecond are decided in the second.
        steps: list[Mapping[str, Any]] = [
            {"$match": within},
            {"$match": {**self.selection.rest, **(beyond or {})}},
            {"$sort": self.order},
            {"$limit": limit},
            {"$project": fields},
        ]
        return list(self.collection.aggregate(steps))

    def few(self, place: Key, far: datetime, limit: int) -> "_Few":
        """The same of a window that holds few rows, of which some match.

        The embedded server takes longer to look at a row it has read than to hand it
        over, so they are told apart here.
        """
        wanted = self.selection.rest
        if wanted.keys() != {FACETS}:
            return _Few(self.rows(place, far, limit))
        began, asked = time.perf_counter(), frozenset(wanted[FACETS]["$all"])
        fields = dict.fromkeys([self.by, FACETS, *self.fields], 1)
        found = self.collection.find(self._within(place, far), fields)
        found = found.sort(list(self.order.items())).batch_size(MAX_LOOKED)
        looked = [row for row in found if self._is_beyond(row, place)]
        most = enough(len(looked), time.perf_counter() - began)
        matching = (
            {name: row[name] for name in row if name != FACETS}
            for row in looked[:most]
            if asked.issubset(row[FACETS])
        )
        rows = list(islice(matching, limit))
        if len(looked) <= most:
            return _Few(rows, len(looked))
        return _Few(rows, len(looked), self._key(looked[most - 1]))

    def looked_at(self, place: Key, far: datetime) -> int:
        """How many rows had to be looked at in a window; counted up to the most."""
        steps: list[dict[str, Any]] = [
            {"$match": self._within(place, far)},
            {"$limit": MAX_LOOKED},
            {"$count": "rows"},
        ]
        return sum(int(row["rows"]) for row in self.collection.aggregate(steps))

    def cut(self, rows: list[Row]) -> Page | None:
        """The page, if there are more rows than it holds."""
        if len(rows) <= self.size:
            return None
        return Page(rows[: self.size], self._key(rows[self.size - 1]))

    def edge(self, at: datetime) -> Key:
        """The place between two windows, which no row has."""
        return Key(at, FIRST_ID, self.selection.is_rising)

    def far(self, start: datetime, width: timedelta) -> datetime:
        """Where a window ends: in whole milliseconds, as keys and rows are."""
        if width >= self.left(start):
            return self.end
        far = start + width * self.selection.way
        far = far.replace(microsecond=far.microsecond // 1000 * 1000)
        # A window that rises holds its own first millisecond.
        return min(far + TICK, self.end) if self.selection.is_rising else far

    def left(self, start: datetime) -> timedelta:
        """How much time there is to the end of the list; none beyond it."""
        return (self.end - start) * self.selection.way

    def _key(self, row: Row) -> Key:
        return Key(row[self.by], row["_id"], self.selection.is_rising)

    def _is_beyond(self, row: Row, place: Key) -> bool:
        here, there = (row[self.by], row["_id"]), (place.at, place.id)
        return place.id in BETWEEN or (
            here > there if self.selection.is_rising else here < there
        )

    def _beyond(self, place: Key) -> dict[str, Any]:
        than = "$gt" if self.selection.is_rising else "$lt"
        return {"$or": [{self.by: {than: place.at}}, {"_id": {than: place.id}}]}

    def _within(self, place: Key, far: datetime) -> dict[str, Any]:
        # The bound is $lt the next millisecond: on a compound index the embedded
        # server takes $lte for $lt.
        top = place.at if place.id == FIRST_ID else place.at + TICK
        is_rising = self.selection.is_rising
        bottom, top = (place.at, far) if is_rising else (far, top)
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
    begin: datetime = BEGINNING,
) -> Page:
    """Read one page over `(by, _id)`; `by` names a time of every row.

    Each query is bounded by time on both sides; a page that stays short widens the
    window, with at most so many commands. `first_window` guesses how far a full page
    reaches, from `now` back or from `begin` on, beyond which hardly anything lies; a
    bad guess costs a query, never a row. The page of a search may hold few rows, or
    none, and yet not be the last. Raises `BadCursor` for a key of the other order.
    """
    if after and after.is_rising != selection.is_rising:
        raise BadCursor(str(after))
    bottom, top = selection.since, selection.until or now + timedelta(days=1)
    if selection.is_rising:
        place = after or Key(bottom, FIRST_ID, is_rising=True)
        start, end = max(place.at, begin), top + TICK
    else:
        place = after or Key(top, LAST_ID)
        start, end = min(place.at, now), bottom
    reader = _Reader(collection, selection, size, tuple(fields), by, end)
    read = _search if selection.rest else _walk
    return read(reader, place, start, first_window(start), commands)


def _walk(
    reader: _Reader, place: Key, start: datetime, width: timedelta, commands: int
) -> Page:
    """Rows that all match: windows widen, and the last one is all that is left."""
    rows = list[Row]()
    for turn in range(commands):
        is_last = turn == commands - 1
        far = reader.end if is_last else reader.far(start, width)
        missing = reader.size + 1 - len(rows)
        found = reader.rows(place, far, missing)
        rows += found
        if full := reader.cut(rows):
            return full
        if reader.left(far) <= NOTHING:
            break
        place, start = reader.edge(far), far
        width = min(width * _growth(len(found), missing), reader.left(start))
    return Page(rows, None)


def _search(
    reader: _Reader, place: Key, start: datetime, width: timedelta, commands: int
) -> Page:
    """Rows of which some match: looks through so many and says how far it came.

    A search that has but one command is known to look through many.
    """
    width = max(width, SHORTEST)
    if commands == 1:
        far = reader.far(start, width)
        return _found(reader, reader.rows(place, far, reader.size + 1), far)
    for left in range(commands, 1, -1):
        far = reader.far(start, width)
        few = reader.few(place, far, reader.size + 1)
        if few.looked != 0 or reader.left(far) <= NOTHING:
            page = _bounded(reader, (place, start, far), few, left)
            return replace(page, density=_density(few, start, far))
        # Of what bounds the search, the latest rows hold nothing. Those before them
        # may hold very much, which nobody is to wait for.
        place, start, width = reader.edge(far), far, width * BLIND_GROWTH
    return _found(reader, reader.rows(place, reader.end, reader.size + 1), reader.end)


def _bounded(
    reader: _Reader, window: tuple[Key, datetime, datetime], few: _Few, commands: int
) -> Page:
    """What a search says of the first window that holds something to look at."""
    place, start, far = window
    if few.came_to:
        full = reader.cut(few.rows)
        return full or Page(few.rows, few.came_to, is_cut=True)
    is_all = reader.left(far) <= NOTHING
    if len(few.rows) > reader.size or is_all or commands < SEARCH_COMMANDS:
        return _found(reader, few.rows, far)
    return _further(reader, place, start, far, few.rows)


def _density(few: _Few, start: datetime, far: datetime) -> float | None:
    """How many rows a second what bounds a search has, where that was seen."""
    span = abs(start - far).total_seconds()
    return few.looked / span if few.looked is not None and span > 0 else None


def _further(
    reader: _Reader, place: Key, start: datetime, far: datetime, rows: list[Row]
) -> Page:
    """What a second window adds to a first one that did not fill the page.

    Where a first window that many rows lie in holds none to look at, what bounds the
    search is rare, and the next window is all that is left.
    """
    missing = reader.size + 1 - len(rows)
    began = time.perf_counter()
    looked, further = reader.looked_at(place, far), reader.end
    if looked:
        left = enough(looked, time.perf_counter() - began) / looked - 1
        wider = min(left, 2 * _growth(len(rows), missing)) if rows else left
        further = reader.far(far, abs(start - far) * max(wider, 0))
    more = reader.few(reader.edge(far), further, missing)
    rows = [*rows, *more.rows]
    if more.came_to:  # there is more to look at than the first window promised
        return reader.cut(rows) or Page(rows, more.came_to, is_cut=True)
    return _found(reader, rows, further)


def _found(reader: _Reader, rows: list[Row], far: datetime) -> Page:
    """The page of a search that came so far."""
    if full := reader.cut(rows):
        return full
    is_cut = reader.left(far) > NOTHING
    return Page(rows, reader.edge(far) if is_cut else None, is_cut)


def enough(looked: int, seconds: float) -> int:
    """How many rows a page may look through where so many took so long."""
    return int(min(max(looked * SEARCH_SECONDS / seconds, MIN_LOOKED), MAX_LOOKED))


def _growth(found: int, missing: int) -> float:
    """How much wider the next window is to be, by what this one held of a page.

    Twice what the rate promises: a window too many reads everything that is left.
    """
    return max(2 * (missing - found) / found, 1) if found else BLIND_GROWTH
