"""The state of the product at a glance, from counters and a bounded look at rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from dashboard.documents import counters, ranking
from dashboard.documents.analysis import Analysis, facets_of, select, visible_to
from dashboard.documents.base import TICK, Row
from dashboard.documents.counters import counted, day_of, histogram
from dashboard.documents.periods import WEEK, begin, period
from dashboard.documents.ranking import DOMAIN, FLAGGED, SENDER, WORST
from dashboard.documents.user import Account
from dashboard.documents.worker import SILENT_AFTER, WorkerHeartbeat
from dashboard.domain.aggregator import Level

DAYS: Final = 14  # of the chart
LOOKED_AT: Final = 30  # the newest messages that are warned of, or the oldest
OWN_LOOKED_AT: Final = 200  # of what one person submitted
SHOWN: Final = 5
QUEUE: Final = 6
WAITING: Final = ("status:pending", "status:running")
OPEN: Final = "open:yes"
WORST_FIRST: Final = (Level.CRITICAL, Level.HIGH, Level.MEDIUM)


class Top(NamedTuple):
    """A signal or sender, and how many messages of the last weeks had it."""

    name: str
    messages: int
    malicious: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows, as its reader may see it."""

    is_own: bool  # only what the reader submitted is counted and shown
    days: list[str]
    levels: Mapping[Level, list[int]]  # a number for each day
    queue: list[Row]
    open: int  # messages that wait for a person, of any age
    oldest: list[Row]
    malicious: list[Row]
    since: datetime  # when this week and the one before it began
    signals: list[Top]  # since then, as are those who send what is suspicious
    senders: list[Top]
    domains: list[Top]
    fewest: int  # messages that senders and domains have, at least
    is_part: bool  # all of these are of the newest messages alone
    waiting: int  # messages that wait to be read
    has_worker: bool


def read(reader: Account, at: datetime) -> Overview:
    """Read what this person may see, in a handful of commands whatever there is."""
    return _of_reader(reader, at) if visible_to(reader) else _of_everybody(reader, at)


def _of_everybody(reader: Account, at: datetime) -> Overview:
    days, first = _last_days(at), _midnight(at) - timedelta(days=DAYS - 1)
    sums, seen = counters.state(first)
    since = _newest_since(sums, at)
    flagged = Analysis.newest(FLAGGED, since, at, at_most=LOOKED_AT)
    bad = [row for row in flagged if row["threat_level"] == Level.CRITICAL][:SHOWN]
    if len(bad) < SHOWN:
        found = select([WORST])
        bad = Analysis.listed(found, size=SHOWN, after=None, at=at).rows
    mine = [row for row in flagged if row["owner"] in ("", reader.username)]
    begun = begin(at)
    lately = _since(sums, begun)
    fewest = ranking.fewest(lately[FLAGGED])
    ranks = ranking.top(period(begun), fewest)
    return Overview(
        is_own=False,
        days=days,
        levels=_levels(days, {day: sums[day]["facets"] for day in sums}),
        queue=_worst_first(row for row in mine if not _is_decided(row))[:QUEUE],
        open=histogram.before(OPEN, first) + _count(sums, OPEN),
        oldest=_oldest(at),
        malicious=bad,
        since=begun,
        signals=_top_signals(lately),
        senders=_tops(ranks, SENDER),
        domains=_tops(ranks, DOMAIN),
        fewest=fewest,
        is_part=False,
        waiting=sum(_count(sums, name) for name in WAITING),
        has_worker=_is_alive(seen, at),
    )


def _of_reader(reader: Account, at: datetime) -> Overview:
    """The same from the newest messages of one person; nothing of anybody else's."""
    found = select(visible_to(reader), since=_midnight(at) - timedelta(days=DAYS - 1))
    more = ("detected_threats",)
    page = Analysis.listed(found, size=OWN_LOOKED_AT, after=None, at=at, more=more)
    days, sums = _last_days(at), dict[str, Counter[str]]()
    held = [(row, facets_of(row)) for row in page.rows]
    for row, facets in held:
        sums.setdefault(day_of(row["received_at"]), Counter()).update(counted(facets))
    begun = begin(at)
    lately = [facets for row, facets in held if row["received_at"] >= begun]
    ranks = _ranks(lately)
    return Overview(
        is_own=True,
        days=days,
        levels=_levels(days, sums),
        queue=page.rows[:QUEUE],
        open=0,
        oldest=[],
        malicious=[row for row, facets in held if WORST in facets][:SHOWN],
        since=begun,
        signals=_top_signals(Counter(f for fs in lately for f in counted(fs))),
        senders=_tops(ranks, SENDER),
        domains=_tops(ranks, DOMAIN),
        fewest=1,
        is_part=page.after is not None,
        waiting=sum(name in facets for _row, facets in held for name in WAITING),
        has_worker=_is_alive(WorkerHeartbeat.last_seen(), at),
    )


def _newest_since(sums: Mapping[str, Row], at: datetime) -> datetime:
    """Since when about as many messages were flagged as a page may look at."""
    left, midnight = LOOKED_AT, _midnight(at)
    for back in range(7):
        day = midnight - timedelta(days=back)
        rows = _count({"": sums.get(day_of(day), {"facets": {}})}, FLAGGED)
        if rows > left:
            span: timedelta = min(at, day + timedelta(days=1)) - day
            return day + span * (1 - left / rows)
        left -= rows
    return at - WEEK


def _oldest(at: datetime) -> list[Row]:
    """What has waited longest for a person."""
    rows = _oldest_as_counted(at)
    if not rows:  # what was counted half a minute ago need not be so any more
        histogram.forget()
        rows = _oldest_as_counted(at)
    return rows


def _oldest_as_counted(at: datetime) -> list[Row]:
    """The same from when the first ones came in, in up to three looks."""
    first = histogram.oldest(OPEN, LOOKED_AT)
    if first is None:
        return []
    begin, end = first
    rows = list[Row]()
    for bottom in (end, end + timedelta(days=1), end + WEEK):
        rows += Analysis.between(OPEN, begin, bottom, at_most=SHOWN - len(rows))
        begin = bottom
        if len(rows) == SHOWN:
            histogram.reach(OPEN, rows[-1]["received_at"] + TICK)
        if len(rows) == SHOWN or begin >= at:
            break
    return rows


def _levels(
    days: list[str], sums: Mapping[str, Mapping[str, int]]
) -> dict[Level, list[int]]:
    return {
        level: [max(0, sums.get(day, {}).get(f"level:{level}", 0)) for day in days]
        for level in reversed(Level)
    }


def _top_signals(facets: Mapping[str, int]) -> list[Top]:
    found = [
        Top(rule, count, facets.get(f"worst:{rule}", 0))
        for name, count in facets.items()
        for kind, _colon, rule in (name.partition(":"),)
        if kind == "signal" and count > 0
    ]
    return sorted(found, key=_rank)[:SHOWN]


def _ranks(messages: Iterable[list[str]]) -> list[Row]:
    """Who sent these messages, by their facets, as the counters would tell."""
    ranks: dict[str, Row] = {}
    for facets in messages:
        for name in ranking.ranked(facets):
            row = ranks.setdefault(name, {"name": name, "messages": 0, "malicious": 0})
            row["messages"] += 1
            row["malicious"] += WORST in facets
    return list(ranks.values())


def _tops(ranks: Iterable[Row], kind: str) -> list[Top]:
    found = [
        Top(row["name"].removeprefix(kind), row["messages"], row["malicious"])
        for row in ranks
        if row["name"].startswith(kind)
    ]
    return sorted(found, key=_rank)[:SHOWN]


def _rank(top: Top) -> tuple[int, int, str]:
    return -top.messages, -top.malicious, top.name


def _worst_first(rows: Iterable[Row]) -> list[Row]:
    """By level, then by how long they wait."""
    order = {level.value: place for place, level in enumerate(WORST_FIRST)}
    return sorted(
        rows,
        key=lambda row: (
            order.get(row["threat_level"], 9),
            row["received_at"],
        ),
    )


def _is_decided(row: Row) -> bool:
    return bool((row["decision"] or {}).get("verdict"))


def _count(sums: Mapping[str, Row], name: str) -> int:
    return sum(max(0, day["facets"].get(name, 0)) for day in sums.values())


def _since(sums: Mapping[str, Row], begun: datetime) -> Counter[str]:
    """What the days since then hold together."""
    first = day_of(begun)
    days = (sums[day]["facets"] for day in sums if day >= first)
    return sum((Counter(facets) for facets in days), Counter())


def _is_alive(seen: datetime | None, at: datetime) -> bool:
    return seen is not None and at - seen < SILENT_AFTER


def _last_days(at: datetime) -> list[str]:
    midnight = _midnight(at)
    return [day_of(midnight - timedelta(days=back)) for back in range(DAYS)][::-1]


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
