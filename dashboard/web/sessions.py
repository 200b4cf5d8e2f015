"""What the pages about sign-in sessions show: who, with what, from where, how long."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.session import (
    PersistentSession,
    ended,
    ended_of,
    live,
    live_of,
)
from dashboard.documents.user import Account
from dashboard.domain.devices import Device, Kind, device
from dashboard.web import tables
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.identity import lifetimes
from dashboard.web.tables import Table
from dashboard.web.templating import age, locale, path, told, visible, zone

SESSIONS: Final = Vocabulary(
    {"state": ("state", ("live", "ended")), "who": ("who", None)}
)
MAX_LIVE: Final = 100
MAX_ENDED: Final = 10
ICONS: Final = {
    Kind.DESKTOP: "device-laptop",
    Kind.PHONE: "device-mobile",
    Kind.TABLET: "device-tablet",
    Kind.PROGRAM: "terminal-2",
}
METHODS: Final = {"password": lazy_gettext("Password")}
# Why sessions end, as `services.sessions` and those who call it say.
REASONS: Final = {
    "signed out": lazy_gettext("signed out"),
    "revoked": lazy_gettext("revoked"),
    "its time was over": lazy_gettext("its time was over"),
    "not used for too long": lazy_gettext("not used for too long"),
    "used with another browser": lazy_gettext("used with another browser"),
    "used from another address": lazy_gettext("used from another address"),
    "the password was changed": lazy_gettext("the password was changed"),
    "the account was deactivated": lazy_gettext("the account was deactivated"),
}


class Line(NamedTuple):
    """One session, as the lists print it."""

    id: str
    who: str
    user_id: str
    icon: str
    device: str
    address: str
    method: str
    created_at: datetime
    last_seen: datetime
    age: str  # since it was last seen
    is_current: bool
    ended_at: datetime | None
    ended_by: str
    ended_why: str


@dataclass(frozen=True, slots=True)
class Board:
    """The sessions of one person."""

    live: list[Line]
    ended: list[Line]

    @property
    def tag(self) -> str:
        """Changes with what is shown."""
        return tag(self.live, self.ended)


def own(reader: Account) -> Board:
    """Where somebody is signed in, and where they were."""
    over = PersistentSession.listed(
        ended([ended_of(reader.id)], {}),
        by="ended_at",
        size=MAX_ENDED,
        after=None,
        at=now(),
    )
    return Board(live_lines(reader.id, reader), [line(r, reader) for r in over.rows])


def live_lines(user_id: str, reader: Account) -> list[Line]:
    """The live sessions of one account."""
    at = now()
    selection = live([live_of(user_id)], at, lifetimes().idle, {})
    page = PersistentSession.listed(
        selection, by="created_at", size=MAX_LIVE, after=None, at=at
    )
    return [line(row, reader) for row in page.rows]


def listing(filters: Filters, reader: Account) -> Table:
    """One page of everybody's sessions: the live ones, unless asked for the ended."""
    is_over = filters.chosen("state") == "ended"
    facets = [f for f in filters.facets(reader) if not f.startswith("state:")]
    at, dates = now(), filters.dates(zone())
    page = PersistentSession.listed(
        ended(facets, dates) if is_over else live(facets, at, lifetimes().idle, dates),
        by="ended_at" if is_over else "created_at",
        size=filters.size,
        after=filters.place,
        at=at,
    )
    words = {"ended": _("Ended")}
    selects = [tables.select(filters, "state", _("State"), _("Live now"), words)]
    here = path("sessions.every")
    return tables.table(here, filters, selects, page, lambda row: line(row, reader))


def tag(*shown: object) -> str:
    """A short name of what is shown, the same as long as it is the same."""
    return hashlib.sha256(repr((shown, locale())).encode()).hexdigest()[:20]


def line(row: Row, reader: Account) -> Line:
    """One session in words."""
    known = device(row["user_agent"])
    why = row["ended_why"]
    return Line(
        id=str(row["_id"]),
        who=row.get("username", ""),
        user_id=row["user_id"],
        icon=ICONS[known.kind],
        device=words_of(known),
        address=visible(row["ip_address"]),
        method=told(METHODS).get(row.get("method", ""), row.get("method", "")),
        created_at=row["created_at"],
        last_seen=row["last_seen"],
        age=age((now() - row["last_seen"]).total_seconds(), locale()),
        is_current=str(row["_id"]) == reader.session_id,
        ended_at=row["ended_at"],
        ended_by=visible(row["ended_by"]),
        ended_why=told(REASONS).get(why) or visible(why),
    )


def words_of(known: Device) -> str:
    """What somebody signed in with, in words."""
    return _words_of(known, locale())


@lru_cache(maxsize=1024)
def _words_of(known: Device, _language: str) -> str:
    if known.kind is Kind.PROGRAM:
        named = _("%(name)s, a program", name=visible(known.browser))
        return str(named if known.browser else _("Unknown program, sent no name"))
    if not known.system:
        return known.browser
    on = _("%(browser)s on %(system)s", browser=known.browser, system=known.system)
    return str(on)
