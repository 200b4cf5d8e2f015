"""What the audit trail shows: one line an event, in words, with what it changed."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from dashboard.documents.audit import AuditLog, select
from dashboard.documents.base import Row, Selection
from dashboard.documents.connection import now
from dashboard.documents.user import Account
from dashboard.domain.indicators import spoken
from dashboard.domain.permissions import Permission
from dashboard.web import tables
from dashboard.web.access import policy_of
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.tables import Table
from dashboard.web.templating import iso, locale, path, utc, visible, zone
from dashboard.web.trail_words import ENDS, EVENTS, KINDS, OBJECTS, WITHOUT_CHANGE

MAX_SHOWN: Final = 3  # changes of one event in the list
MAX_VALUE: Final = 48  # characters of a value in the list
MAX_LONG: Final = 4000  # and where one event is read
NOT_SAID: Final = ("changes", "before", "after")  # shown as changes
# Names of people hold spaces, addresses and actions hold colons.
PRINTED: Final = re.compile(r"[^\x00-\x1f\x7f]{1,253}")

AUDIT: Final = Vocabulary(
    {
        "who": ("who", None),
        "action": ("action", None),
        "type": ("type", None),
        "object": ("object", None),
        "ip": ("ip", None),
        "request": ("request", None),
    },
    plain=PRINTED,
)
# What happened to these tells hosts and addresses of senders, and is shown defanged.
FROM_OUTSIDE: Final = frozenset({"indicator", "analysis", "upload", "list", "export"})
# Where an object is shown: its endpoint and the name of its argument there.
PAGES: Final = {
    "analysis": ("analyses.show", "analysis_id"),
    "event": ("audit.show", "event_id"),
    "indicator": ("indicators.show", "indicator_id"),
    "account": ("users.show", "user_id"),
    "upload": ("uploads.show", "upload_id"),
}


class Words(NamedTuple):
    """What events and their kinds are called."""

    events: Mapping[str, str]
    kinds: Mapping[str, str]


class Change(NamedTuple):
    """One thing an event changed; empty where there was or is nothing."""

    name: str
    before: str
    after: str


class Line(NamedTuple):
    """One event, as the list prints it."""

    id: str
    local: str  # when, in the reader's zone
    iso: str
    utc: str
    who: str
    what: str
    about: str  # in its own words, or the object it happened to
    changes: list[Change]
    is_unchanged: bool  # it left everything as it was
    request: str


class Detail(NamedTuple):
    """One event, read by itself."""

    line: Line
    row: Row
    description: str
    said: list[tuple[str, str]]  # what the event tells beside its changes
    object_name: str
    object_href: str  # empty where the object has no page
    together: list[Line]  # what the same request did, this event included


def selection(filters: Filters, reader: Account) -> Selection:
    """The events that were asked for."""
    return select(filters.facets(reader), **filters.dates(zone()))


def listing(filters: Filters, reader: Account) -> Table:
    """One page of the trail; `BadCursor` for a strange key."""
    found = AuditLog.listed(
        selection(filters, reader), size=filters.size, after=filters.place, at=now()
    )
    said, place = _words(locale()), zone()
    selects = (
        tables.select(filters, "type", _("Kind"), _("Any kind"), said.kinds),
        tables.select(filters, "action", _("What"), _("Anything"), said.events),
        tables.since(filters, _("When")),
    )
    here = path("audit.index")
    return tables.table(here, filters, selects, found, lambda row: line(row, place))


def event(row: Row) -> Detail:
    """Everything one event tells."""
    request = row["request_id"]
    rows = AuditLog.of_request(request) if request else [row]
    kind, place = row["object_type"], zone()
    return Detail(
        line=line(row, place, MAX_LONG),
        row=row,
        description=_plain(row, visible(row["description"])),
        said=[(n, _plain(row, v)) for n, v in _said(row["metadata"], MAX_LONG)],
        object_name=str(OBJECTS.get(kind, kind)),
        object_href="" if row["action"] in ENDS else _page_of(kind, row["object_id"]),
        together=[line(each, place) for each in rows],
    )


def line(row: Row, place: tzinfo, width: int = MAX_VALUE) -> Line:
    """One event in words, with its time in that zone."""
    at, words = row["timestamp"], _words(locale()).events
    is_unchanged = row["action"] in WITHOUT_CHANGE
    changed = [] if is_unchanged else list(_changes(row, width))
    return Line(
        id=str(row["_id"]),
        local=at.astimezone(place).strftime("%Y-%m-%d %H:%M:%S"),
        iso=iso(at),
        utc=utc(at),
        who=visible(row["actor"]),
        what=words.get(row["action"], row["action"]),
        about=_plain(row, visible(row["description"])) or _object(row),
        changes=changed if width > MAX_VALUE else changed[:MAX_SHOWN],
        is_unchanged=is_unchanged,
        request=row["request_id"],
    )


@lru_cache(maxsize=64)
def _words(_language: str) -> Words:
    """The names of events and kinds in one language."""
    events = {name: str(word) for name, word in EVENTS.items()}
    return Words(events, {name: str(word) for name, word in KINDS.items()})


def _changes(row: Row, width: int) -> Iterator[Change]:
    for name, before, after in _pairs(row["metadata"]):
        sides = (_plain(row, _text(side, width)) for side in (before, after))
        yield Change(visible(name), *sides)


def _plain(row: Row, text: str) -> str:
    """What an event tells, so that no program makes a link of it."""
    return spoken(text) if row["object_type"] in FROM_OUTSIDE else text


def _pairs(told: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What became different, however the event tells it: name, before, after."""
    was, became = told.get("before"), told.get("after")
    if isinstance(was, Mapping) or isinstance(became, Mapping):  # all of something
        names = dict.fromkeys([*(was or {}), *(became or {})])
        yield from ((n, (was or {}).get(n), (became or {}).get(n)) for n in names)
    elif "before" in told and "after" in told:
        yield "", was, became
    for name, value in told.items():
        if name == "changes":
            yield from _pairs(value)
        elif _is_change(name, value):
            yield name, value["before"], value["after"]


def _said(told: Mapping[str, Any], width: int) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if name not in NOT_SAID and not _is_change(name, value):
            yield visible(name), _text(value, width)


def _is_change(name: str, value: object) -> bool:
    is_pair = isinstance(value, Mapping) and set(value) == {"before", "after"}
    return is_pair and name not in NOT_SAID


def _text(value: object, width: int) -> str:
    """A value of an event, written out and cut."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list | tuple):
        text = ", ".join(str(each) for each in value)
    elif isinstance(value, datetime):
        text = value.isoformat(" ", "seconds")
    else:
        text = str(value)
    shown = visible(text[: width + 1])
    return shown if len(shown) <= width else f"{shown[:width]}…"


def _object(row: Row) -> str:
    kind, identity = row["object_type"], visible(row["object_id"])
    return f"{OBJECTS.get(kind, kind)} {identity}".strip()


def _page_of(kind: str, identity: str) -> str:
    endpoint, argument = PAGES.get(kind, ("", ""))
    policy = policy_of(endpoint)
    if not identity or not isinstance(policy, Permission):
        return ""
    if not current_user.may(policy):  # a link would lead to a refusal
        return ""
    arguments: dict[str, Any] = {argument: identity}
    return url_for(endpoint, **arguments)
