"""Asking for a list as a file: what the filters show, as its reader may see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

from flask import Response, abort, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from dashboard.documents.analysis import visible_to
from dashboard.documents.base import BEGINNING, Row
from dashboard.documents.connection import now
from dashboard.documents.user import Account
from dashboard.services import exports
from dashboard.services.columns import SHEETS
from dashboard.services.exports import Format, Order
from dashboard.web import filters, sessions, trail, unpacked, users
from dashboard.web.access import require
from dashboard.web.downloads import SANDBOXED
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.indicator_views import INDICATORS
from dashboard.web.templating import visible, zone

LIMIT: Final = "30/minute"  # of one person
TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.JSONL: "application/x-ndjson",
}
STATES: Final = {
    "running": lazy_gettext("Being written"),
    "done": lazy_gettext("Ready"),
    "failed": lazy_gettext("Failed"),
}


def _everything(_reader: Account) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Source:
    """A list that can be taken along: its name, its filters, what its reader sees."""

    title: Any
    vocabulary: Vocabulary
    scope: Callable[[Account], list[str]] = _everything


SOURCES: Final[dict[str, Source]] = {
    "analyses": Source(lazy_gettext("Analyses"), filters.ANALYSES, visible_to),
    "audit": Source(lazy_gettext("Audit trail"), trail.AUDIT),
    "indicators": Source(lazy_gettext("Indicators"), INDICATORS),
    "users": Source(lazy_gettext("Users"), users.USERS),
    "sessions": Source(lazy_gettext("Sessions"), sessions.SESSIONS),
    "uploads": Source(lazy_gettext("Uploads"), unpacked.UPLOADS, visible_to),
}


class Shown(NamedTuple):
    """An export as its owner sees it."""

    row: Row
    title: str
    filter: str
    state: str
    rows: str
    name: str
    is_running: bool
    is_waiting: bool  # nothing has been written for a while
    is_done: bool
    is_failed: bool


def owner() -> str:
    """Whom the limit counts for."""
    return f"export:{current_user.get_id() or request.remote_addr}"


def read(listed: str) -> Order:
    """What is asked for; 404 for no list, a refusal for one that is not theirs."""
    source = SOURCES.get(listed)
    if source is None:
        abort(404)
    require(SHEETS[listed].permission)
    asked = Filters.read(request.args, source.vocabulary)
    facets = [*source.scope(current_user), *asked.facets(current_user)]
    dates = asked.dates(zone())
    return Order(
        listed,
        format_asked(),
        tuple(facets),
        dates.get("since", BEGINNING),
        min(dates.get("until", now()), now()),
        asked.query(),
        asked.is_rising,
    )


def at_once(order: Order) -> Response:
    """The list as a file that is written while it is sent."""
    return _file(exports.written(order, _seconds()), order.format, order.listed)


def of_chosen(content: bytes, form: Format) -> Response:
    """Analyses somebody chose, as a file."""
    return _file(iter([content]), form, "analyses")


def finished(row: Row) -> Response:
    """A finished export as a file."""
    pieces = exports.content(row, _seconds())
    form = Format(row["format"])
    return _file(pieces, form, row["listed"], row["created_at"])


def shown(row: Row) -> Shown:
    """An export in words."""
    state = row["state"]
    is_running = state == "running"
    form = Format(row["format"])
    return Shown(
        row=row,
        title=f"{SOURCES[row['listed']].title}, {form.value.upper()}",
        filter=visible(unquote_plus(row["asked"])),
        state=str(STATES[state]),
        rows=f"{row['rows']:,}",
        name=_name(row["listed"], form, row["created_at"]),
        is_running=is_running,
        is_waiting=is_running and now() - row["touched_at"] > exports.SILENT_AFTER,
        is_done=state == "done",
        is_failed=state == "failed",
    )


def format_asked() -> Format:
    """How the rows are to be written; 400 for what there is not."""
    text = request.form.get("format", Format.CSV)
    if text not in set(Format):
        abort(400, _("There is CSV and JSON lines."))
    return Format(text)


def _file(
    pieces: Iterator[bytes], form: Format, listed: str, at: datetime | None = None
) -> Response:
    response = Response(pieces, content_type=TYPES[form])
    name = _name(listed, form, at or now())
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOXED
    return response


def _name(listed: str, form: Format, at: datetime) -> str:
    return f"phishnet-{listed}-{at:%Y-%m-%d-%H%M}.{form.value}"


def _seconds() -> float:
    seconds: float = current_app.extensions["settings"].DB_OPERATION_SECONDS
    return seconds
