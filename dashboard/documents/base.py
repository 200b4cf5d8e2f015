"""What every collection shares: keyset pages over a widening window of time."""

import binascii
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
MAX_WINDOWS: Final = 4
BLIND_GROWTH: Final = 16.0
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


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list shows: one indexed equality that bounds it, and the rest."""

    bound: Mapping[str, Any]
    rest: Mapping[str, Any]
    since: datetime = BEGINNING  # rows before it are not shown
    until: datetime | None = None  # nor those after it

    @property
    def names(self) -> tuple[str, ...]:
        """The facets asked for, for guessing how many rows a day holds."""
        bound = self.bound.get("facets")
        rest = self.rest.get("facets", {}).get("$all", [])
        return (*([bound] if bound else []), *rest)


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
) -> Page:
    """Read one page over `(by, _id)`, newest first; `by` names a time of every row.

    Each query is bounded by time on both sides; a page that stays short widens the
    window, at most `MAX_WINDOWS` times. `first_window` guesses how far back a full
    page lies; a bad guess costs a query, never a row.
    """
    place = after or Key(selection.until or now + timedelta(days=1), LAST_ID)
    start = min(place.at, now)  # hardly anything lies in the future
    width = first_window(start)
    rows: list[Row] = []
    for turn in range(MAX_WINDOWS):
        is_last = turn == MAX_WINDOWS - 1
        bottom = selection.since if is_last else max(selection.since, start - width)
        missing = size + 1 - len(rows)
        found = _window(collection, selection, place, bottom, missing, by, fields)
        rows += found
        if len(rows) > size:
            last = rows[size - 1]
            return Page(rows[:size], Key(last[by], last["_id"]))
        if bottom <= selection.since:
            break
        place, start = Key(bottom, FIRST_ID), bottom
        width = min(width * _growth(len(found), missing), start - BEGINNING)
    return Page(rows, None)


def _growth(found: int, missing: int) -> float:
    """How much wider the next window is to be, by what this one held of a page.

    Twice what the rate promises: a window too many reads everything that is left.
    """
    return max(2 * (missing - found) / found, 1) if found else BLIND_GROWTH


def _window(
    collection: Collection[Row],
    selection: Selection,
    place: Key,
    bottom: datetime,
    limit: int,
    by: str,
    fields: Iterable[str],
) -> list[Row]:
    # Two $match stages, so that the first is exactly an index prefix and bounds the
    # work; the ties of one millisecond are decided in the second. The bound is $lt the
    # next millisecond: on a compound index the embedded server takes $lte for $lt.
    older = {"$or": [{by: {"$lt": place.at}}, {"_id": {"$lt": place.id}}]}
    within = {by: {"$gte": bottom, "$lt": place.at + TICK}}
    return list(
        collection.aggregate(
            [
                {"$match": {**selection.bound, **within}},
                {"$match": {**selection.rest, **older}},
                {"$sort": {by: -1, "_id": -1}},
                {"$limit": limit},
                {"$project": dict.fromkeys([by, *fields], 1)},
            ]
        )
    )
