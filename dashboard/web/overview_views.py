"""From the state of the product to what its front page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext

from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.counters import day_of
from dashboard.documents.user import Account
from dashboard.domain import rulesets
from dashboard.domain.aggregator import Level
from dashboard.services import overview
from dashboard.services.overview import Overview, Top
from dashboard.web import signals
from dashboard.web.filters import ADDRESS, PLAIN
from dashboard.web.listing import LEVELS, Line, lines_of
from dashboard.web.templating import age, defang, locale, path, visible

HEIGHT: Final = 33.0  # of a row of bars
TALLEST: Final = 31.0
STEP: Final = 100  # from one bar to the next
WIDE: Final = 78  # a bar
LOCAL: Final = 40  # letters shown of what stands before the domain


class Spark(NamedTuple):
    """One level: its bars on a scale of its own, and the same in words."""

    level: str
    kind: str
    word: str
    past: str  # the bars of the days that are over, as one path
    today: str
    total: int
    told: str
    span: int = STEP * overview.DAYS  # how wide it is drawn


class Rank(NamedTuple):
    """A signal or sender with its bar."""

    name: str
    href: str  # empty where no filter names it
    full: str  # the name, where it is cut
    messages: int
    malicious: int
    width: str
    bad_width: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The overview, ready to print."""

    state: Overview
    queue: list[Line]
    queue_note: str
    oldest: list[Line]
    malicious: list[Line]
    sparks: list[Spark]
    ends: tuple[str, str, str]  # the days below the chart
    table: list[tuple[str, list[int]]]
    since: str  # the day since when the ranks are counted
    signals: list[Rank]
    senders: list[Rank]
    domains: list[Rank]
    health: list[str]

    @property
    def is_quiet(self) -> bool:
        """Whether no message came in as far back as the chart looks."""
        return not (self.state.waiting or any(each.total for each in self.sparks))


def sheet(reader: Account) -> Sheet:
    """Everything the page shows this reader."""
    state = overview.read(reader, now())
    days = [_day(day) for day in state.days]
    numbers = state.levels.values()
    return Sheet(
        state=state,
        queue=lines_of(state.queue),
        queue_note=_queue_note(state),
        oldest=lines_of(state.oldest),
        malicious=lines_of(state.malicious),
        sparks=[_spark(level, counts) for level, counts in state.levels.items()],
        ends=(days[0], days[len(days) // 2], _("today")),
        table=list(zip(days, map(list, zip(*numbers, strict=True)), strict=True)),
        since=_day(day_of(state.since)),
        signals=list(_ranks(state.signals, "signal", state.since)),
        senders=list(_ranks(state.senders, "sender", state.since)),
        domains=list(_ranks(state.domains, "from", state.since)),
        health=list(_health(state)),
    )


def _spark(level: Level, counts: Sequence[int]) -> Spark:
    kind, _shape, word = LEVELS[level]
    most, total, today = max(counts), sum(counts), counts[-1]
    said = _(
        "%(level)s: %(total)d in %(days)d days, %(today)d today, most %(most)d",
        level=word,
        total=total,
        days=len(counts),
        today=today,
        most=most,
    )
    *past, today_bar = [_bar(place, n, most) for place, n in enumerate(counts)]
    return Spark(level.value, kind, str(word), "".join(past), today_bar, total, said)


def _bar(place: int, count: int, most: int) -> str:
    """A bar as a part of a path; nothing for none."""
    if not count:
        return ""
    height = max(1.0, TALLEST * count / most)
    return f"M{place * STEP} {HEIGHT:.0f}h{WIDE}v{-height:.1f}h{-WIDE}z"


def _ranks(tops: Sequence[Top], name: str, since: datetime) -> Iterator[Rank]:
    most = max((top.messages for top in tops), default=1)
    for top in tops:
        shown, full = _shown(top.name, name)
        yield Rank(
            name=shown,
            href=_narrowed(top.name, name, since),
            full=full if full != shown else "",
            messages=top.messages,
            malicious=top.malicious,
            width=f"{100 * top.messages / most:.1f}%",
            bad_width=f"{100 * top.malicious / most:.1f}%",
        )


def _shown(value: str, name: str) -> tuple[str, str]:
    """A signal or sender in a short form, and all of it; a domain is never cut."""
    if name == "signal":
        title = signals.title(value)
        return title, title
    local, at, domain = value.rpartition("@")
    local, domain = visible(local), f"{at}{defang(visible(domain))}"
    short = f"{local[: LOCAL - 1]}…" if len(local) > LOCAL else local
    return short + domain, local + domain


def _narrowed(value: str, name: str, since: datetime) -> str:
    """The list of these messages, unless the sender wrote what no filter names."""
    allowed = ADDRESS if name == "sender" else PLAIN
    if not allowed.fullmatch(value):
        return ""
    asked = urlencode({name: value, "since": day_of(since)})
    return f"{path('analyses.index')}?{asked}"


def _queue_note(state: Overview) -> str:
    if state.is_own:
        return str(ngettext("%(num)d shown", "%(num)d shown", len(state.queue)))
    told = ngettext("%(num)d open", "%(num)d open", state.open)
    return f"{told}, {_oldest(state.oldest)}" if state.oldest else told


def _oldest(rows: Sequence[Row]) -> str:
    waited = age((now() - rows[0]["received_at"]).total_seconds(), locale())
    return str(_("oldest %(age)s", age=waited))


def _health(state: Overview) -> Iterator[str]:
    """One line: calm while all is well."""
    if state.waiting:
        yield ngettext(
            "%(num)d message waits to be read",
            "%(num)d messages wait to be read",
            state.waiting,
        )
    else:
        yield str(_("No message waits to be read"))
    yield str(_("ruleset %(version)s", version=rulesets.load().version))


def _day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b}"
