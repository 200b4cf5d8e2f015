"""The places of the product, for the side bar: who sees which."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from flask import current_app, request
from flask_babel import lazy_gettext
from flask_login import current_user

from dashboard.domain.permissions import Permission
from dashboard.web.templating import path


class Place(NamedTuple):
    """A page in the side bar. Views of the same blueprint light it up as well."""

    endpoint: str
    title: str
    icon: str
    permission: Permission
    also: tuple[str, ...] = ()  # other views that belong to it


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
        ("analyses.show", "bulk.repeat", "bulk.judge", "bulk.export", "bulk.delete"),
    ),
    Place(
        "analyses.new",
        lazy_gettext("Submit"),
        "upload",
        Permission.SUBMIT_MESSAGES,
        ("analyses.create", "uploads.index", "uploads.show"),
    ),
    Place(
        "indicators.index",
        lazy_gettext("Indicators"),
        "radar",
        Permission.READ_INDICATORS,
        ("indicators.show", "indicators.new", "indicators.edit"),
    ),
)
ADMINISTRATION: Final = (
    Place(
        "users.index",
        lazy_gettext("Users"),
        "users",
        Permission.MANAGE_USERS,
        ("users.show", "users.new"),
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
        ("audit.show",),
    ),
)


def entries(places: tuple[Place, ...]) -> Iterator[Entry]:
    """Those of the places that this reader may go to."""
    for place in places:
        known = place.endpoint in current_app.view_functions
        if known and current_user.may(place.permission):
            is_current = request.endpoint in (place.endpoint, *place.also)
            yield Entry(path(place.endpoint), place.title, place.icon, is_current)


def triage() -> list[Entry]:
    """The places where messages are worked on."""
    return list(entries(TRIAGE))


def administration() -> list[Entry]:
    """The places of those who look after the product."""
    return list(entries(ADMINISTRATION))
