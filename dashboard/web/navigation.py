"""The places of the product, for the side bar: who sees which."""

from functools import lru_cache
from typing import Final, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from flask_login import current_user

from dashboard.documents.user import Account
from dashboard.domain.permissions import Permission
from dashboard.web.templating import locale, path


class Place(NamedTuple):
    """A page in the side bar, which other views light up as well."""

    endpoint: str
    title: str
    icon: str
    permission: Permission
    also: tuple[str, ...] = ()  # views that belong to it, and whole blueprints


class Entry(NamedTuple):
    """A place as one reader sees it."""

    href: str
    title: str
    icon: str
    is_current: bool


TRIAGE: Final = (
    Place(
        "overview.index",
        lazy_gettext("Overview"),
        "layout-dashboard",
        Permission.READ_OWN_ANALYSES,
    ),
    Place(
        "analyses.index",
        lazy_gettext("Analyses"),
        "mail-search",
        Permission.READ_OWN_ANALYSES,
        ("analyses", "bulk"),
    ),
    Place(
        "analyses.new",
        lazy_gettext("Submit"),
        "upload",
        Permission.SUBMIT_MESSAGES,
        ("analyses.create", "uploads"),
    ),
    Place(
        "indicators.index",
        lazy_gettext("Indicators"),
        "radar",
        Permission.READ_INDICATORS,
        ("indicators",),
    ),
)
ADMINISTRATION: Final = (
    Place(
        "settings.edit",
        lazy_gettext("Organisation"),
        "building",
        Permission.EDIT_SETTINGS,
        ("settings",),
    ),
    Place(
        "users.index",
        lazy_gettext("Users"),
        "users",
        Permission.MANAGE_USERS,
        ("users",),
    ),
    Place(
        "sessions.every",
        lazy_gettext("Sessions"),
        "devices",
        Permission.MANAGE_SESSIONS,
    ),
    Place(
        "audit.index",
        lazy_gettext("Audit trail"),
        "history",
        Permission.READ_AUDIT,
        ("audit",),
    ),
)


def entries(places: tuple[Place, ...]) -> tuple[Entry, ...]:
    """Those of the places that this reader may go to."""
    may = current_user.may
    seen = tuple(place.endpoint for place in places if may(place.permission))
    return _entries(seen, request.endpoint or "", locale())


@lru_cache(maxsize=1024)
def _entries(seen: tuple[str, ...], endpoint: str, _language: str) -> tuple[Entry, ...]:
    """The places as they are printed on one page in one language."""
    here = _place_of(endpoint)
    return tuple(
        Entry(
            path(place.endpoint),
            str(place.title),
            place.icon,
            place.endpoint == here,
        )
        for place in (*TRIAGE, *ADMINISTRATION)
        if place.endpoint in seen
    )


def _place_of(endpoint: str) -> str:
    """The place a view belongs to: by its own name, else by that of its blueprint."""
    for name in (endpoint, endpoint.partition(".")[0]):
        for place in (*TRIAGE, *ADMINISTRATION):
            if name in (place.endpoint, *place.also):
                return place.endpoint
    return ""


def home(account: Account) -> str:
    """Where somebody begins: the first place that their role opens."""
    for place in (*TRIAGE, *ADMINISTRATION):
        if account.may(place.permission):
            return path(place.endpoint)
    return path(TRIAGE[0].endpoint)  # where whoever may go nowhere learns why


def triage() -> tuple[Entry, ...]:
    """The places where messages are worked on."""
    return entries(TRIAGE)


def administration() -> tuple[Entry, ...]:
    """The places of those who look after the product."""
    return entries(ADMINISTRATION)
