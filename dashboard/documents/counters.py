"""Counters: one document a day, changed in the transaction that changes the rows."""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from mongoengine import DictField, Document, IntField, StringField
from pymongo.client_session import ClientSession

from dashboard.documents.connection import database

Row = dict[str, Any]

KEEP_SECONDS: Final = 30.0
WANTED_ROWS: Final = 40.0  # one and a half pages
KEPT_DAYS: Final = 400

# Facets counted by day. The others (senders, words) have too many values.
COUNTED: Final = ("status", "level", "verdict", "signal")


class DailyCounter(Document):
    """How many messages that came in on one UTC day have each facet now."""

    day = StringField(primary_key=True)  # "2026-11-21"
    received = IntField(default=0)
    facets = DictField()

    meta = {"collection": "daily_counters", "auto_create_index": False}


def day_of(moment: datetime) -> str:
    """The UTC day a row is counted under."""
    return moment.strftime("%Y-%m-%d")


def counted(facets: Iterable[str]) -> list[str]:
    """Those of the facets that are counted by day."""
    return [name for name in facets if name.partition(":")[0] in COUNTED]


def change(
    received_at: datetime,
    *,
    gone: Iterable[str] = (),
    come: Iterable[str] = (),
    received: int = 0,
    session: ClientSession,
) -> None:
    """Move a row from some facets to others, in the caller's transaction."""
    steps: dict[str, int] = {"received": received} if received else {}
    for names, step in ((gone, -1), (come, 1)):
        for name in counted(names):
            key = f"facets.{name}"
            steps[key] = steps.get(key, 0) + step
    steps = {key: step for key, step in steps.items() if step}
    if steps:
        database()["daily_counters"].update_one(
            {"_id": day_of(received_at)}, {"$inc": steps}, upsert=True, session=session
        )


class Histogram:
    """Rows by day, kept in this process for half a minute: for guessing only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -KEEP_SECONDS
        self._days: dict[str, Row] = {}

    def first_window(self, names: Iterable[str], top: datetime) -> timedelta:
        """How far below `top` a full page of rows with these facets probably ends."""
        days = self._current()
        wanted = [name for name in names if name.partition(":")[0] in COUNTED]
        rare = any(name.partition(":")[0] not in COUNTED for name in names)
        found, width = 0.0, timedelta()
        for back in range(KEPT_DAYS):
            moment = top - timedelta(days=back)
            count = _count(days.get(day_of(moment), {}), wanted)
            share = _share(moment, is_first=back == 0)
            if count and found + count * share >= WANTED_ROWS:
                part = (WANTED_ROWS - found) / count
                return max(width + timedelta(days=part), timedelta(minutes=1))
            found, width = found + count * share, width + timedelta(days=share)
            if rare and back >= 64:
                break
        return width

    def total(self, name: str) -> float:
        """Rows with this facet over all days; below zero when it is not counted."""
        if name.partition(":")[0] not in COUNTED:
            return -1.0
        return float(sum(_count(day, [name]) for day in self._current().values()))

    def forget(self) -> None:
        """Read the counters again at the next question."""
        with self._lock:
            self._read_at = -KEEP_SECONDS

    def _current(self) -> Mapping[str, Row]:
        with self._lock:
            if time.monotonic() - self._read_at >= KEEP_SECONDS:
                rows = database()["daily_counters"].find({})
                self._days = {row["_id"]: row for row in rows}
                self._read_at = time.monotonic()
            return self._days


def _count(day: Mapping[str, Any], names: Iterable[str]) -> int:
    facets = day.get("facets", {})
    counts = [int(day.get("received", 0)), *(int(facets.get(n, 0)) for n in names)]
    return max(0, min(counts))


def _share(moment: datetime, *, is_first: bool) -> float:
    if not is_first:
        return 1.0
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return max(seconds / 86400, 1 / 1440)


histogram = Histogram()
