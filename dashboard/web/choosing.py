"""Several analyses somebody chose: which they are, and what became of each."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from bson import ObjectId
from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnprocessableEntity

from dashboard.documents.base import FIRST_ID
from dashboard.services.bulk import MOST, NOT_FOUND, Choice, Outcome
from dashboard.web.errors import said
from dashboard.web.filters import Filters
from dashboard.web.hypermedia import go_to
from dashboard.web.listing import Line, lines_of
from dashboard.web.templating import visible

MAX_DIGITS: Final = 9


class Reason(NamedTuple):
    """Why something was not done, and to which: links where they may be seen."""

    why: str
    number: int
    links: list[tuple[str, str]]


def chosen() -> list[Choice]:
    """What the form names; 422 for nothing at all and for more than a page."""
    values = list(dict.fromkeys(request.form.getlist("id")))
    if not values:
        raise said(UnprocessableEntity(_("Choose at least one message.")))
    if len(values) > MOST:
        most = _("Choose at most %(most)d messages at once.", most=MOST)
        raise said(UnprocessableEntity(most))
    return [_choice(value) for value in values]


def lines(outcome: Outcome) -> list[Line]:
    """What may still be done something to, as lists print it."""
    return lines_of(outcome.done)


def back() -> str:
    """The page of the list somebody comes from."""
    asked = request.form.get("back", "")
    filters = Filters.read(MultiDict(parse_qsl(asked)))
    query = filters.back
    here = url_for("analyses.index")
    return f"{here}?{query}" if query else here


def answer(outcome: Outcome, words: str) -> ResponseReturnValue:
    """Back to the list when all is done, else what became of each."""
    if outcome.refused:
        return sheet(outcome, words)
    flash(words)
    return go_to(back())


def sheet(outcome: Outcome, words: str, **more: object) -> ResponseReturnValue:
    """The page that says what was done and what was not, and why."""
    page = render_template(
        "bulk/outcome.html",
        words=words if outcome.done else _("Nothing was done."),
        is_done=bool(outcome.done),
        reasons=_reasons(outcome),
        back=back(),
        **more,
    )
    return page, _status(outcome)


def _status(outcome: Outcome) -> int:
    if outcome.done:
        return 200
    is_unknown = all(each.reason == NOT_FOUND for each in outcome.refused)
    return 404 if is_unknown else 409


def _reasons(outcome: Outcome) -> Iterable[Reason]:
    found: dict[str, Reason] = {}
    for each in outcome.refused:
        known = found.get(each.reason, Reason(str(_(each.reason)), 0, []))
        href = url_for("analyses.show", analysis_id=each.id)
        words = visible(each.subject) or _("Message without a subject")
        links = [] if each.reason == NOT_FOUND else [(href, words)]
        found[each.reason] = Reason(known.why, known.number + 1, known.links + links)
    return found.values()


def _choice(value: str) -> Choice:
    """An id and a version, joined by a dot; what is neither names nothing there is."""
    identity, _dot, version = value.partition(".")
    is_number = version.isascii() and version.isdecimal() and len(version) <= MAX_DIGITS
    known = ObjectId(identity) if ObjectId.is_valid(identity) else FIRST_ID
    return Choice(known, int(version) if is_number else 0)
