"""Making sure that the counters say what the rows say, and making them say it."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from pymongo.client_session import ClientSession

from dashboard.documents.analysis import facets_of
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.counters import by_day, counted, day_of, histogram
from dashboard.documents.transactions import transact
from dashboard.services import analyses

ROUNDS: Final = 3  # while others go on working
RECEIVED: Final = "received"


class Difference(NamedTuple):
    """A counter that does not say what the rows of its day say."""

    day: str
    name: str
    counted: int
    found: int


def differences() -> list[Difference]:
    """Compare every counter with the rows themselves, read one by one."""
    found = _from_rows(_rows().find({}))
    kept = {day: _plain(sums) for day, sums in by_day().items()}
    return [
        Difference(day, name, kept.get(day, {}).get(name, 0), true.get(name, 0))
        for day in sorted(found.keys() | kept.keys())
        for true in (found.get(day, Counter()),)
        for name in sorted(true.keys() | kept.get(day, {}).keys())
        if kept.get(day, {}).get(name, 0) != true.get(name, 0)
    ]


def rebuild() -> int:
    """Count the days anew that differ; how many there were. Safe while people work."""
    refresh()
    rebuilt: set[str] = set()
    for _round in range(ROUNDS):
        wrong = {each.day for each in differences()}
        for day in sorted(wrong):
            transact(partial(_recount, day))
        rebuilt |= wrong
        if not wrong:
            break
    histogram.forget()
    return len(rebuilt)


def refresh() -> int:
    """Give rows of an earlier version the facets of this one; how many needed it."""
    stale = [row["_id"] for row in _rows().find({}) if facets_of(row) != row["facets"]]
    for identity in stale:
        transact(partial(analyses.change, identity, {}))
    return len(stale)


def gather() -> int:
    """Make one share of those of each day before yesterday; how many days it was.

    A page that shows two weeks then reads a few rows instead of a hundred.
    """
    past = {"day": {"$lt": day_of(now() - timedelta(days=1))}}
    shares = Counter(row["day"] for row in _shares().find(past, {"day": 1}))
    days = sorted(day for day, number in shares.items() if number > 1)
    for day in days:
        transact(partial(_gather, day))
    return len(days)


def _gather(day: str, session: ClientSession) -> None:
    sums: Counter[str] = Counter()
    for share in _shares().find({"day": day}, session=session):
        sums.update(_plain(share))
    _replace(day, sums, session)


def _recount(day: str, session: ClientSession) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    within = {"$gte": midnight, "$lt": midnight + timedelta(days=1)}
    rows = _rows().find({"received_at": within}, session=session)
    sums = _from_rows(rows).get(day, Counter())
    _replace(day, sums, session)


def _replace(day: str, sums: Counter[str], session: ClientSession) -> None:
    """Let one share say everything of a day."""
    _shares().delete_many({"day": day}, session=session)
    if told := {name: number for name, number in sums.items() if number}:
        received = told.pop(RECEIVED, 0)
        row = {"_id": f"{day}/0", "day": day, "received": received, "facets": told}
        _shares().insert_one(row, session=session)


def _from_rows(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    days: dict[str, Counter[str]] = {}
    for row in rows:
        sums = days.setdefault(day_of(row["received_at"]), Counter())
        sums.update([RECEIVED, *counted(facets_of(row))])
    return days


def _plain(sums: Row) -> dict[str, int]:
    named = {RECEIVED: sums.get(RECEIVED, 0), **sums.get("facets", {})}
    return {name: count for name, count in named.items() if count}


def _shares() -> Any:
    return database()["daily_counters"]


def _rows() -> Any:
    return database()["email_analyses"]
