"""Making sure that the counters say what the rows say, and making them say it."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from pymongo.client_session import ClientSession

from dashboard.documents import ranking
from dashboard.documents.analysis import facets_of
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.counters import by_day, counted, day_of, histogram
from dashboard.documents.periods import PERIOD, WEEK, begin, period
from dashboard.documents.transactions import transact
from dashboard.services import analyses

ROUNDS: Final = 3  # while others go on working
RECEIVED: Final = "received"
AT_ONCE: Final = 1000  # counters of senders that are dropped in one go
Numbers = dict[str, Counter[str]]  # by day or by period, and name


class Difference(NamedTuple):
    """A counter that does not say what the rows of its day, or period, say."""

    day: str
    name: str
    counted: int
    found: int


def differences() -> list[Difference]:
    """Compare every counter with the rows themselves, read one by one."""
    found = _from_rows(_rows().find({}))
    kept = {day: _plain(sums) for day, sums in by_day().items()} | _senders_kept()
    nothing: Counter[str] = Counter()
    return [
        Difference(day, name, said[name], true[name])
        for day in sorted(found.keys() | kept.keys())
        for true, said in ((found.get(day, nothing), kept.get(day, nothing)),)
        for name in sorted(true.keys() | said.keys())
        if said[name] != true[name]
    ]


def rebuild() -> int:
    """Count the days and periods anew that differ; how many there were.

    Safe while people work.
    """
    refresh()
    rebuilt: set[str] = set()
    for _round in range(ROUNDS):
        wrong = {each.day for each in differences()}
        for day in sorted(wrong):
            recount = _recount if _is_day(day) else _recount_senders
            transact(partial(recount, day))
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

    A page that shows two weeks then reads a few rows instead of a hundred. What is
    known of the senders of periods that are over goes.
    """
    past = {"day": {"$lt": day_of(now() - timedelta(days=1))}}
    shares = Counter(row["day"] for row in _shares().find(past, {"day": 1}))
    days = sorted(day for day, number in shares.items() if number > 1)
    for day in days:
        transact(partial(_gather, day))
    _drop_senders()
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


def _recount_senders(of: str, session: ClientSession) -> None:
    """Let the counters of a period's senders say what its rows say."""
    begun = datetime.fromisoformat(of[:10]).replace(tzinfo=UTC)
    within = {"$gte": begun, "$lt": begun + PERIOD}
    steps: ranking.Steps = Counter()
    for row in _rows().find({"received_at": within}, session=session):
        ranking.step(steps, row["received_at"], facets_of(row), 1)
    wrong = Counter({key: n for key, n in steps.items() if key[0] == of})
    wrong.subtract(ranking.kept(of, session))
    ranking.write(wrong, session)


def _drop_senders() -> None:
    over = {"period": {"$lt": period(begin(now()))}}
    old = _senders().find(over, {"_id": 1}).limit(AT_ONCE)
    if ids := [row["_id"] for row in old]:
        _senders().delete_many({"_id": {"$in": ids}})


def _senders_kept() -> Numbers:
    """What the counters say of the senders of periods that are not over."""
    numbers: Numbers = {}
    for at in (now(), now() + WEEK):
        of = period(begin(at))
        sums = _named(ranking.kept(of)).get(of, Counter())
        numbers[of] = Counter({n: c for n, c in sums.items() if c})
    return numbers


def _from_rows(rows: Iterable[Row]) -> Numbers:
    days: Numbers = {}
    senders: ranking.Steps = Counter()
    for row in rows:
        facets = facets_of(row)
        sums = days.setdefault(day_of(row["received_at"]), Counter())
        sums.update([RECEIVED, *counted(facets)])
        ranking.step(senders, row["received_at"], facets, 1)
    return days | _named(senders)


def _named(steps: ranking.Steps) -> Numbers:
    """Numbers of senders as differences name them."""
    periods: Numbers = {}
    for (of, name, field), number in steps.items():
        periods.setdefault(of, Counter())[f"{name} {field}"] = number
    return periods


def _plain(sums: Row) -> Counter[str]:
    named = {RECEIVED: sums.get(RECEIVED, 0), **sums.get("facets", {})}
    return Counter({name: count for name, count in named.items() if count})


def _is_day(day: str) -> bool:
    return len(day) == len("2026-11-21")


def _shares() -> Any:
    return database()["daily_counters"]


def _senders() -> Any:
    return database()["sender_counters"]


def _rows() -> Any:
    return database()["email_analyses"]
