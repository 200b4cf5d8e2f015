"""The way of a message as its Received lines tell it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache

from dashboard.domain.message import Header, Message

MAX_HOPS = 50
LONG = 3600  # seconds at one hop that deserve a look

_CLAUSE = re.compile(r"(?:^|\s)(from|by)\s+([^\s;()]{1,255})", re.IGNORECASE)

_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, +)?([0-9]{1,2}) ([A-Z][a-z]{2}) ([12][0-9]{3})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-][0-9]{4})(?:\s|\Z)"
)
_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: number for number, name in enumerate(_NAMES.split(), 1)}


@dataclass(frozen=True, slots=True)
class Hop:
    """One server taking the message from another."""

    source: str  # as the line names it; anyone can write anything below the first
    by: str
    at: datetime | None
    delay: int | None  # seconds since the hop before; negative when clocks disagree
    line: int

    @property
    def is_odd(self) -> bool:
        """Whether the time runs backwards, stands still for long, or is missing."""
        return self.at is None or (
            self.delay is not None and not -60 <= self.delay <= LONG
        )


def of(message: Message) -> tuple[Hop, ...]:
    """The hops, oldest first."""
    lines = message.all("Received")[:MAX_HOPS]
    hops: list[Hop] = []
    before: datetime | None = None
    for header in reversed(lines):
        at = moment(header.value.rpartition(";")[2])
        delay = int((at - before).total_seconds()) if at and before else None
        hops.append(_hop(header, at, delay))
        before = at or before
    return tuple(hops)


def _hop(header: Header, at: datetime | None, delay: int | None) -> Hop:
    named: dict[str, str] = {}
    for found in _CLAUSE.finditer(header.value[:2000]):
        named.setdefault(found[1].lower(), found[2])
    return Hop(named.get("from", ""), named.get("by", ""), at, delay, header.line)


def stamped(date: str) -> datetime | None:
    """The moment of a date written as nearly every program does; None of any other."""
    found = _USUAL.match(date)
    if not found or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    clock = (int(hour), int(minute), int(second))
    try:
        return datetime(
            *(int(year), _MONTHS[month], int(day)), *clock, tzinfo=_zone(zone)
        )
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _zone(offset: str) -> timezone:
    """The zone of `+0200`; ValueError for one that is nowhere."""
    east = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
    return timezone(-east if offset[0] == "-" else east)


def moment(text: str) -> datetime | None:
    """The moment a date names; None where it names none (RFC 5322, 3.3)."""
    date = text.strip()[:200]
    if usual := stamped(date):
        return usual.astimezone(UTC)
    try:
        parsed = parsedate_tz(date)
        return datetime.fromtimestamp(mktime_tz(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None
