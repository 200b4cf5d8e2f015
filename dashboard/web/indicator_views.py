"""What the pages of threat indicators show: defanged, in words, ready to print."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from bson import ObjectId
from flask import abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from dashboard.documents.analysis import Analysis
from dashboard.documents.base import Key, Page, Row
from dashboard.documents.connection import now
from dashboard.documents.indicator import MAX_PLACE, Indicator, Sighting, select, slug
from dashboard.documents.user import Account
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import (
    OBSERVED,
    Kind,
    NotAnIndicator,
    Threat,
    fanged,
    key_of,
    kind_of,
    normalised,
    refang,
)
from dashboard.domain.permissions import Permission
from dashboard.web import tables
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.forms.indicators import KINDS, THREATS
from dashboard.web.listing import LEVELS, lines_of
from dashboard.web.listing import Line as Message
from dashboard.web.tables import Table
from dashboard.web.templating import path, told, visible, zone

INDICATORS: Final = Vocabulary(
    {
        "type": ("type", tuple(Kind)),
        "level": ("level", tuple(Level)),
        "threat": ("threat", tuple(Threat)),
        "source": ("source", None),
        "tag": ("tag", None),
    },
    several=("tag",),
)
ICONS: Final = {
    Kind.URL: "link",
    Kind.DOMAIN: "world",
    Kind.IP: "server-2",
    Kind.EMAIL: "at",
    Kind.SHA256: "file",
    Kind.SHA1: "file",
    Kind.MD5: "file",
}
PLACES: Final = {
    "from": lazy_gettext("Sender"),
    "reply-to": lazy_gettext("Reply-To"),
    "return-path": lazy_gettext("Return path"),
    "link": lazy_gettext("Link"),
    "attachment": lazy_gettext("Attachment"),
}
SIGHTINGS: Final = 25
LONG: Final = 72  # what is longer is shortened in lists
SOURCES: Final = {OBSERVED: lazy_gettext("Met in a message")}


class Line(NamedTuple):
    """One indicator, as lists print it."""

    id: str
    href: str
    shown: str
    short: str
    icon: str
    kind: str
    threat: str
    level: str  # empty of an observation: nobody has said how bad it is
    source: str
    sources: str  # the address of everything from that source
    tags: list[str]
    last_seen: datetime | None
    updated_at: datetime


class Inside(NamedTuple):
    """An indicator that a message holds, as its receipt prints it."""

    href: str
    shown: str
    short: str
    icon: str
    kind: str
    level: str  # by which it was judged; empty when nobody had rated it
    places: str


class Met(NamedTuple):
    """A message an indicator was met in."""

    message: Message
    places: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of one indicator shows."""

    row: Row
    line: Line
    is_observed: bool
    confidence: str
    met: list[Met]
    older: str  # the query string of the next page of sightings
    is_first: bool


def found_or_404(indicator_id: str) -> Row:
    """The indicator, or 404 when it is not on record."""
    row = Indicator.by_id(indicator_id)
    if row is None:
        abort(404)
    return row


def found(args: MultiDict[str, str], reader: Account) -> tuple[Filters, Page]:
    """What was asked for, and one page of it; `BadCursor` for a strange key."""
    filters = Filters.read(_refanged(args), INDICATORS)
    facets = [*filters.facets(reader), *_named(filters.words)]
    selection = select(facets, **filters.dates(zone()))
    size, after = filters.size, filters.place
    return filters, Indicator.listed(selection, size=size, after=after, at=now())


def listing(args: MultiDict[str, str], reader: Account) -> Table:
    """One page of the list; `BadCursor` for a strange key."""
    filters, page = found(args, reader)
    levels = {level.value: word for level, (_k, _s, word) in LEVELS.items()}
    selects = (
        tables.select(filters, "type", _("Type"), _("Any type"), KINDS),
        tables.select(filters, "level", _("Level"), _("Any level"), levels),
        tables.select(filters, "threat", _("Threat"), _("Any threat"), THREATS),
        tables.since(filters, _("Changed")),
    )
    return tables.table(path("indicators.index"), filters, selects, page, line)


def line(row: Row) -> Line:
    """One indicator in words."""
    kind, here = Kind(row["indicator_type"]), path("indicators.index")
    shown = visible(fanged(kind, row["indicator"]))
    is_observed = row["source"] == OBSERVED
    source = told(SOURCES).get(row["source"]) or visible(row["source"])
    return Line(
        id=str(row["_id"]),
        href=f"{here}/{row['_id']}",
        shown=shown,
        short=_short(shown),
        icon=ICONS[kind],
        kind=told(KINDS)[kind],
        threat="" if is_observed else told(THREATS).get(row["threat_type"], ""),
        level="" if is_observed else row["threat_level"],
        source=source,
        sources=f"{here}?{urlencode({'source': slug(row['source'])})}",
        tags=row["tags"],
        last_seen=row.get("last_seen"),
        updated_at=row["updated_at"],
    )


def sheet(row: Row, reader: Account, after: str | None) -> Sheet:
    """The page of one indicator; `BadCursor` for a strange key."""
    key = Key.parse(after) if after else None
    page = Sighting.of_indicator(
        row["key"], reader, size=SIGHTINGS, after=key, at=now()
    )
    seen = {each["analysis_id"]: each["places"] for each in page.rows}
    shown = line(row)
    return Sheet(
        row=row,
        line=shown,
        is_observed=not shown.level,
        confidence=f"{row['confidence_score']:.2f}",
        met=list(_met(seen)),
        older=f"after={page.after}" if page.after else "",
        is_first=key is None,
    )


def of_analysis(stored: Row, reader: Account) -> list[Inside]:
    """What a run met in its message, for those who may read indicators."""
    if not reader.may(Permission.READ_INDICATORS):
        return []
    recorded = stored["record"].get("context", {}).get("indicators") or []
    levels = {key: level for key, level, _threat in recorded}
    met = sorted(stored.get("met", []), key=lambda each: each["key"] not in levels)
    return [_inside(each, levels.get(each["key"], "")) for each in met]


def key_asked(args: MultiDict[str, str]) -> str:
    """What is asked for by type and value, defanged or not; empty for nonsense."""
    kind, value = args.get("type", ""), args.get("value", "")
    with suppress(ValueError):  # neither a type nor an indicator
        return key_of(kind, normalised(Kind(kind), value))
    return ""


def _inside(met: Row, level: str) -> Inside:
    name, _colon, value = met["key"].partition(":")
    kind = Kind(name)
    shown = visible(fanged(kind, value))
    return Inside(
        href=url_for("indicators.find", type=name, value=shown),
        shown=shown,
        short=_short(shown),
        icon=ICONS[kind],
        kind=str(KINDS[kind]),
        level=level,
        places=_places(met["places"]),
    )


def _met(seen: dict[ObjectId, list[str]]) -> Iterator[Met]:
    rows = {row["_id"]: row for row in Analysis.of_ids(seen)}
    known = [identity for identity in seen if identity in rows]
    lines = lines_of(rows[identity] for identity in known)
    for identity, message in zip(known, lines, strict=True):
        yield Met(message, _places(seen[identity]))


def _places(names: list[str]) -> str:
    return ", ".join(str(PLACES.get(name, name)) for name in names)


def _short(shown: str) -> str:
    """A long value without its middle; of a URL the end of its host stays."""
    if len(shown) <= LONG:
        return shown
    half = LONG // 2 - 1
    scheme, mark, rest = shown.partition("://")
    if not mark:
        return f"{shown[:half]}…{shown[-half:]}"
    host, slash, page = rest.partition("/")
    start, page = f"{scheme}{mark}{_end(host, half - len(scheme))}", slash + page
    return f"{start}{_end(page, LONG - len(start))}"


def _end(text: str, width: int) -> str:
    """The end of a text, with a sign that there is more before it."""
    return text if len(text) <= width else f"…{text[1 - width :]}"


def _named(words: Iterable[str]) -> Iterator[str]:
    """What was typed as an indicator finds just that, and what stands below it."""
    for word in words:
        with suppress(NotAnIndicator):
            name = normalised(kind_of(word), word)
            host, _slash, page = name.partition("://")[2].partition("/")
            wanted = host if host and not page else name
            yield f"at:{wanted[:MAX_PLACE]}"


def _refanged(args: MultiDict[str, str]) -> MultiDict[str, str]:
    """The query with what was pasted defanged, so that words find it."""
    plain: MultiDict[str, Any] = MultiDict(args)
    if "q" in plain:
        plain.setlist("q", [refang(text) for text in args.getlist("q")])
    return plain
