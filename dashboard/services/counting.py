"""Making sure that the counters say what the rows say, and making them say it."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from pymongo.client_session import ClientSession

from dashboard.documents.analysis import facets_of
from dashboard.documents.base import Row
from dashboard.documents.connection import database
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


def _recount(day: str, session: ClientSession) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    within = {"$gte": midnight, "$lt": midnight + timedelta(days=1)}
    rows = _rows().find({"received_at": within}, session=session)
    sums = _from_rows(rows).get(day, Counter())
    shares = database()["daily_counters"]
    shares.delete_many({"day": day}, session=session)
    if sums:
        received = sums.pop(RECEIVED)
        row = {"_id": f"{day}/0", "day": day, "received": received}
        shares.insert_one({**row, "facets": dict(sums)}, session=session)


def _from_rows(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    days: dict[str, Counter[str]] = {}
    for row in rows:
        sums = days.setdefault(day_of(row["received_at"]), Counter())
        sums.update([RECEIVED, *counted(facets_of(row))])
    return days


def _plain(sums: Row) -> dict[str, int]:
    named = {RECEIVED: sums["received"], **sums["facets"]}
    return {name: count for name, count in named.items() if count}


def _rows() -> Any:
    return database()["email_analyses"]
