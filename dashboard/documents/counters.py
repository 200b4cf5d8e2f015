"""Counters by day, changed in the transaction that changes the rows.

Each day has a few documents. A thread writes to one of them, and to another once
somebody is in its way: a transaction whose process was killed keeps its documents
locked until the database gives it up (a minute), and with one document a day everybody
else would wait for that.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from mongoengine import DictField, Document, IntField, StringField
from pymongo.client_session import ClientSession

from dashboard.documents import ranking
from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database, now
from dashboard.documents.ranking import WORST
from dashboard.documents.transactions import is_repeated

Row = dict[str, Any]

_mine = threading.local()

KEEP_SECONDS: Final = 30.0
WANTED_ROWS: Final = 40.0  # one and a half pages
SEARCHED_ROWS: Final = 160.0  # of what somebody searches, at first
UNCOUNTED_SHARE: Final = 0.05  # of all rows, taken to have a facet nobody counts
DAY: Final = timedelta(days=1)
SHARES: Final = 8
BATCH: Final = 1000  # a year's shares come in three answers, two weeks' in one

# Facets counted by day. The others (senders, words) have too many values; `ranking`
# tells who sends what is suspicious.
COUNTED: Final = ("status", "level", "verdict", "signal", "flagged", "open")


class DailyCounter(Document):
    """A share of how many messages of one UTC day have each facet now."""

    key = StringField(primary_key=True)  # "2026-11-21/5"
    day = StringField(required=True)
    received = IntField(default=0)
    facets = DictField()

    meta = {
        "collection": "daily_counters",
        "auto_create_index": False,
        "indexes": ["day"],
    }


class Move(NamedTuple):
    """A row that leaves some facets for others; `received` is -1 where it goes."""

    received_at: datetime
    gone: Sequence[str] = ()
    come: Sequence[str] = ()
    received: int = 0


class _Part(NamedTuple):
    """What lies of one day on one side of a time."""

    day: Row
    away: timedelta  # from that time to where it begins
    span: timedelta
    share: float  # of the day's rows


def day_of(moment: datetime) -> str:
    """The UTC day a row is counted under."""
    return moment.strftime("%Y-%m-%d")


def counted(facets: Iterable[str]) -> list[str]:
    """What is counted by day of a row: some of its facets, the worst signals twice."""
    found = [name for name in facets if name.partition(":")[0] in COUNTED]
    if WORST not in found:
        return found
    signals = (name.partition(":") for name in found if name.startswith("signal:"))
    return [*found, *(f"worst:{rule}" for _signal, _colon, rule in signals)]


def change(
    received_at: datetime,
    *,
    gone: Sequence[str] = (),
    come: Sequence[str] = (),
    received: int = 0,
    session: ClientSession,
) -> None:
    """Move a row from some facets to others, in the caller's transaction."""
    change_all([Move(received_at, gone, come, received)], session)


def change_all(moves: Iterable[Move], session: ClientSession) -> None:
    """Move several rows at once, each as `change` does, with one write a day."""
    days: dict[str, Counter[str]] = {}
    senders: ranking.Steps = Counter()
    for move in moves:
        ranking.step(senders, move.received_at, move.come, 1)
        ranking.step(senders, move.received_at, move.gone, -1)
        steps = days.setdefault(day_of(move.received_at), Counter())
        steps["received"] += move.received
        steps.update(f"facets.{name}" for name in counted(move.come))
        steps.subtract(f"facets.{name}" for name in counted(move.gone))
    number = _share()
    for day, steps in days.items():
        if changed := {name: step for name, step in steps.items() if step}:
            share = {"_id": f"{day}/{number}"}
            update = {"$inc": changed, "$set": {"day": day}}
            database()["daily_counters"].update_one(
                share, update, upsert=True, session=session
            )
    ranking.write(senders, session)


def _share() -> int:
    """Which share of a day this thread writes to; another one at a second try."""
    if is_repeated() or not hasattr(_mine, "share"):
        _mine.share = secrets.randbelow(SHARES)
    number: int = _mine.share
    return number


def by_day(since: datetime | None = None) -> dict[str, Row]:
    """The sums of all shares: `{day: {"received": n, "facets": {name: n}}}`."""
    wanted = _since(since) if since else {}
    return _summed(database()["daily_counters"].find(wanted, batch_size=BATCH))


def state(since: datetime) -> tuple[dict[str, Row], datetime | None]:
    """The sums since a day, and when a worker was last seen: one question for both."""
    steps: list[Row] = [{"$match": _since(since)}, {"$unionWith": "worker_heartbeats"}]
    shares, seen = [], []
    for row in database()["daily_counters"].aggregate(steps, batchSize=BATCH):
        shares.append(row) if "day" in row else seen.append(row["at"])
    return _summed(shares), max(seen, default=None)


def _since(moment: datetime) -> Row:
    return {"day": {"$gte": day_of(moment), "$lt": "9"}}


def _summed(shares: Iterable[Row]) -> dict[str, Row]:
    days: dict[str, Row] = {}
    for share in shares:
        day = days.setdefault(share["day"], {"received": 0, "facets": {}})
        day["received"] += share.get("received", 0)
        facets = day["facets"]
        for name, count in share.get("facets", {}).items():
            facets[name] = facets.get(name, 0) + count
    return days


class Histogram:
    """Rows by day, kept in this process for half a minute: for guessing only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -KEEP_SECONDS
        self._days: list[tuple[datetime, Row]] = []  # newest first, by their beginning
        self._totals: Counter[str] = Counter()
        self._reached: dict[str, datetime] = {}

    def first_window(
        self,
        names: Iterable[str],
        start: datetime,
        enough: float = WANTED_ROWS,
        *,
        is_rising: bool = False,
    ) -> timedelta:
        """How far below `start`, or above it, so many rows with these facets end.

        A guess, by the counts of the days there.
        """
        wanted, found = counted(names), 0.0
        for day, away, span, share in self._parts(start, is_rising):
            rows = _count(day, wanted) * share
            if rows and found + rows >= enough:
                reach = away + span * ((enough - found) / rows)
                return max(reach, timedelta(minutes=1))
            found += rows
        # There are no more rows than a page has, or hardly.
        return now() + 2 * DAY - start if is_rising else start - BEGINNING

    def begin(self) -> datetime:
        """The day of the oldest row."""
        days = reversed(self._current())
        return next((each for each, day in days if day["received"] > 0), BEGINNING)

    def total(self, name: str) -> float:
        """How many rows have this facet; of those that are not counted, a few."""
        self._current()
        is_counted = bool(counted([name]))
        return self._totals[name] if is_counted else self._totals[""] * UNCOUNTED_SHARE

    def before(self, name: str, midnight: datetime) -> int:
        """How many rows of this facet are older than a day."""
        older = (day for begun, day in self._current() if begun < midnight)
        return sum(max(0, day["facets"].get(name, 0)) for day in older)

    def oldest(self, name: str, enough: float) -> tuple[datetime, datetime] | None:
        """Between which times the first rows of this facet lie, so many or all."""
        begin, found = None, 0.0
        for midnight, day in reversed(self._current()):
            if (count := day["facets"].get(name, 0)) <= 0:
                continue
            begin = begin or midnight
            if reached := self._reached.get(name):
                return begin, reached
            if found + count >= enough:
                return begin, midnight + DAY * ((enough - found) / count)
            found += count
        return (begin, now() + DAY) if begin else None

    def reach(self, name: str, end: datetime) -> None:
        """Note where the first rows of this facet ended, while the counts are kept."""
        self._reached[name] = end

    def _parts(self, start: datetime, is_rising: bool) -> Iterator[_Part]:
        """The days below a time, or above it, the nearest first."""
        at, days = now(), self._current()
        for midnight, day in reversed(days) if is_rising else days:
            passed = min(at - midnight, DAY)  # the counts are of this part of the day
            end = midnight + passed
            span = min(end - start, passed) if is_rising else min(start - midnight, DAY)
            if min(span, passed) > timedelta():
                near = end - span - start if is_rising else start - midnight - span
                yield _Part(day, near, span, min(span / passed, 1.0))

    def forget(self) -> None:
        """Read the counters again at the next question."""
        with self._lock:
            self._read_at = -KEEP_SECONDS

    def _current(self) -> list[tuple[datetime, Row]]:
        with self._lock:
            if time.monotonic() - self._read_at >= KEEP_SECONDS:
                self._read()
                self._read_at = time.monotonic()
            return self._days

    def _read(self) -> None:
        days = by_day()
        self._days = [(_midnight(day), days[day]) for day in sorted(days, reverse=True)]
        self._totals, self._reached = Counter(), {}
        for day in days.values():
            self._totals.update({"": day["received"], **day["facets"]})


def _count(day: Mapping[str, Any], names: Iterable[str]) -> int:
    counts = [day["received"], *(day["facets"].get(name, 0) for name in names)]
    return max(0, min(int(count) for count in counts))


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


histogram = Histogram()
