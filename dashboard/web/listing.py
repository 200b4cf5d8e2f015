"""What the list of analyses shows: one line a message, in words, ready to print."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from dashboard.documents.analysis import Analysis
from dashboard.documents.base import Key, Page, Row
from dashboard.documents.connection import now
from dashboard.documents.user import Account
from dashboard.documents.worker import SILENT_AFTER, WorkerHeartbeat
from dashboard.domain.aggregator import Level, Verdict
from dashboard.domain.statuses import Status
from dashboard.services.analyses import Decision
from dashboard.web.filters import Filters
from dashboard.web.forms.analyses import CATEGORIES
from dashboard.web.signals import title
from dashboard.web.tables import Select, searched, typed
from dashboard.web.templating import age, defang, icons, locale, path, visible, zone

MAX_TITLE: Final = 400
SHORT: Final = 28  # a subject of so many letters is nowhere cut
WAITING: Final = (Status.PENDING.value, Status.RUNNING.value)

# Level: the class of its badge, its shape, and its word.
LEVELS: Final = {
    Level.SAFE: ("clean", "s-clean", lazy_gettext("Clean")),
    Level.LOW: ("low", "s-low", lazy_gettext("Low")),
    Level.MEDIUM: ("susp", "s-susp", lazy_gettext("Suspicious")),
    Level.HIGH: ("high", "s-high", lazy_gettext("High")),
    Level.CRITICAL: ("mal", "s-mal", lazy_gettext("Malicious")),
}
DECISIONS: Final = {
    Decision.PHISHING: ("phish", lazy_gettext("Phishing")),
    Decision.UNWANTED: ("unwanted", lazy_gettext("Unwanted")),
    Decision.LEGITIMATE: ("legit", lazy_gettext("Legitimate")),
    Decision.UNSURE: ("unsure", lazy_gettext("Unsure")),
}
VERDICTS: Final = {
    Verdict.CLEAN: lazy_gettext("Clean or low"),
    Verdict.SUSPICIOUS: lazy_gettext("Suspicious or high"),
    Verdict.MALICIOUS: lazy_gettext("Malicious"),
    Verdict.CANNOT_JUDGE: lazy_gettext("Cannot judge"),
}
STATUSES: Final = {
    Status.PENDING: lazy_gettext("Waiting"),
    Status.RUNNING: lazy_gettext("Being read"),
    Status.DONE: lazy_gettext("Examined"),
    Status.FAILED: lazy_gettext("Not analysed"),
    Status.CANCELLED: lazy_gettext("Cancelled"),
}


class Badge(NamedTuple):
    """A coloured word: the end of its class, where its shape is drawn, the word."""

    kind: str
    shape: str
    word: str


class Line(NamedTuple):
    """One message, as the list prints it."""

    id: str
    href: str
    is_new: bool  # examined, and nobody has said what it is
    level: Badge | None  # what the engine says; None while it has nothing to say
    unjudged: str  # the word where there is no level
    risk: str
    is_read: bool  # whether the sender is known
    name: str
    local: str
    domain: str
    subject: str
    is_named: bool  # the subject is one, and not the name of the file
    full_subject: str  # where it is likely to be cut
    second: str
    signal: str
    more: str  # the address of every message with that signal
    age: str
    iso: str
    utc: str
    owner: str
    decision: Badge | None  # what a person says
    status: str
    is_bad: bool
    choice: str  # its id and version, as a form says which was chosen


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and what stands around it."""

    filters: Filters
    selects: tuple[Select, ...]
    lines: list[Line]
    older: str  # the query string of the next page; empty when there is none
    again: str  # the query string this page asks for itself with, while it waits
    is_behind: bool  # newer messages have come in since this page was first shown
    standstill: str  # why nothing is examined at present, if so
    tag: str  # changes with what is shown; empty when nothing is awaited
    searched: datetime | None = None  # how far, where more may match beyond

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """What the form repeats: all that is asked for beside its own selects."""
        return typed(self.filters, self.selects)

    @property
    def back(self) -> str:
        """The query string of this page, for whoever comes back to it."""
        return self.filters.back

    @property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """What kinds of message a person may say they are."""
        return _categories(locale())

    @property
    def here(self) -> str:
        """The path of the list."""
        return path("analyses.index")


def read(filters: Filters, reader: Account) -> Listing:
    """Read one page of what the reader may see; `BadCursor` for a strange key."""
    at = now()
    selection = filters.selection(reader, zone())
    page = Analysis.listed(selection, size=filters.size, after=filters.place, at=at)
    lines = lines_of(page.rows)
    waiting = [row for row in page.rows if row["status"] in WAITING]
    is_behind = _is_behind(filters, reader)
    standstill = _standstill(waiting) if waiting else ""
    return Listing(
        filters=filters,
        selects=tuple(_selects(filters)),
        lines=lines,
        older=filters.query(after=str(page.after)) if page.after else "",
        again=_again(filters, page) if waiting else "",
        is_behind=is_behind,
        standstill=standstill,
        tag=_tag(lines, is_behind, standstill) if waiting else "",
        searched=searched(page),
    )


def lines_of(rows: Iterable[Row]) -> list[Line]:
    """The rows of a page as the list prints them."""
    language = locale()
    words = _words(language)
    at, here = now(), path("analyses.index")
    return [_line(row, words, language, at, here) for row in rows]


def _line(
    row: Row, words: Mapping[str, Badge], language: str, at: datetime, here: str
) -> Line:
    """One row in words; the heart of the list, so it builds no string twice."""
    status, found = row["status"], row.get("analysis_results") or {}
    decided = (row.get("decision") or {}).get("verdict", "")
    is_done = status == "done"
    is_new = is_done and not decided
    identity = str(row["_id"])
    level = words.get(f"level:{row.get('threat_level')}") if is_done else None
    risk = row.get("confidence_score") if is_done and level else None
    subject, file_name = visible(row.get("subject") or ""), row.get("file_name") or ""
    local, _at, domain = (row.get("sender") or "").rpartition("@")
    rule = found.get("top_rule", "") if is_done else ""
    received = row["received_at"]  # in UTC, as it is stored
    moment = received.isoformat(" ", "seconds")[:19]
    return Line(
        id=identity,
        href=f"{here}/{identity}",
        is_new=is_new,
        level=level,
        unjudged="" if level else words[f"unjudged:{status}"].word,
        risk="" if risk is None else _risk(_percent(risk), language),
        is_read=bool(is_done or domain or subject),
        name=visible(row.get("sender_name") or ""),
        local=visible(local),
        domain=defang(visible(domain)),
        subject=subject or visible(file_name if not is_done else ""),
        is_named=bool(subject),
        full_subject=subject[:MAX_TITLE] if len(subject) > SHORT else "",
        second=_second(row.get("recipient") or "", found, language),
        signal=title(rule) if rule else "",
        more=f"{here}?signal={rule}" if rule else "",
        age=age((at - received).total_seconds(), language),
        iso=f"{moment[:10]}T{moment[11:]}Z",
        utc=f"{moment} UTC",
        owner=row.get("owner") or "",
        decision=words.get(f"decided:{decided}") if decided else None,
        status=words["status:new" if is_new else f"status:{status}"].word,
        is_bad=status == "failed",
        choice=f"{identity}.{row['version']}",
    )


def _second(recipient: str, found: Row, language: str) -> str:
    """What stands under the subject: to whom, and what the message carries."""
    parts = [_to(visible(recipient), language)] if recipient else []
    carried = _carried(found.get("links", 0), found.get("attachments", 0), language)
    return " · ".join([*parts, *([carried] if carried else [])])


@lru_cache(maxsize=1024)
def _to(recipient: str, _language: str) -> str:
    return str(_("to %(recipient)s", recipient=recipient))


@lru_cache(maxsize=1024)
def _carried(links: int, attachments: int, _language: str) -> str:
    parts = []
    if links:
        parts.append(ngettext("%(num)d link", "%(num)d links", links))
    if attachments:
        parts.append(ngettext("%(num)d attachment", "%(num)d attachments", attachments))
    return " · ".join(parts)


def _percent(risk: float) -> int:
    """A risk in whole percent; none is certain, either way."""
    return min(max(round(risk * 100), 1), 99)


@lru_cache(maxsize=128)
def _risk(percent: int, _language: str) -> str:
    return str(_("risk %(percent)d %%", percent=percent))


@lru_cache(maxsize=64)
def _words(_language: str) -> Mapping[str, Badge]:
    """Every badge of the list in one language, by "kind:value"."""
    words = {
        f"level:{name}": Badge(kind, f"{icons()}#{shape}", str(said))
        for name, (kind, shape, said) in LEVELS.items()
    }
    for name, (kind, said) in DECISIONS.items():
        words[f"decided:{name}"] = Badge(kind, f"{icons()}#gavel", str(said))
    for state, said in STATUSES.items():
        words[f"status:{state}"] = Badge("", "", str(said))
        words[f"unjudged:{state}"] = Badge("", "", _("Not yet"))
    words["status:new"] = Badge("", "", _("New"))
    words["unjudged:done"] = Badge("", "", _("Cannot judge"))
    words["unjudged:failed"] = Badge("", "", _("Unknown"))
    words["unjudged:cancelled"] = Badge("", "", _("Unknown"))
    return words


def _selects(filters: Filters) -> Iterator[Select]:
    for name, label, options in _choices(locale()):
        chosen = filters.chosen(name)
        if chosen and chosen not in dict(options):  # a value that was typed
            options = (*options, (chosen, chosen))
        yield Select(name, label, chosen, options)


@lru_cache(maxsize=64)
def _choices(
    _language: str,
) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """The selects in one language: name, label, and each value with its word."""
    dates = (
        ("-1d", _("Last 24 hours")),
        ("-7d", _("Last 7 days")),
        ("-30d", _("Last 30 days")),
    )
    levels = tuple((name, str(word)) for name, (_k, _s, word) in LEVELS.items())
    return (
        ("level", _("Level"), (("", _("Any level")), *levels)),
        ("verdict", _("Verdict"), (("", _("Any verdict")), *_said(VERDICTS))),
        ("status", _("Status"), (("", _("Any status")), *_said(STATUSES))),
        ("since", _("Received"), (("", _("Any time")), *dates)),
    )


@lru_cache(maxsize=64)
def _categories(_language: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.value), str(each.label)) for each in CATEGORIES)


def _said(words: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(word)) for name, word in words.items())


def _again(filters: Filters, page: Page) -> str:
    """How the page asks for itself: from its first row on, so that no row moves."""
    if filters.after:
        return filters.query(after=str(filters.after))
    first = page.rows[0]
    key = Key(first["received_at"], first["_id"], filters.is_rising)
    return filters.query(top=str(key))


def _is_behind(filters: Filters, reader: Account) -> bool:
    """Whether something has come in meanwhile that stands above the first row."""
    if filters.after or filters.top is None or filters.is_rising:
        return False
    selection = filters.selection(reader, zone())
    newest = Analysis.listed(selection, size=1, after=None, at=now()).rows
    return bool(newest) and newest[0]["_id"] != filters.top.id


def _standstill(waiting: list[Row]) -> str:
    """What to say when messages wait and no worker is there to read them."""
    at, since = now(), min(row["received_at"] for row in waiting)
    oldest = at - since
    seen = WorkerHeartbeat.last_seen() if oldest > timedelta(seconds=5) else at
    if seen is not None and at - seen < SILENT_AFTER:
        return ""
    return str(
        _(
            "Nothing is examined at present: no worker is running. Messages wait "
            "since %(time)s; nothing is lost, and they are read as soon as one runs.",
            time=since.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
        )
    )


def _tag(lines: list[Line], *around: object) -> str:
    shown = repr((lines, around)).encode("utf-8", "replace")
    return hashlib.sha256(shown).hexdigest()[:20]
