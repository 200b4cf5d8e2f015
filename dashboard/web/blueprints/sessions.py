"""Where people are signed in, and ending it."""

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from dashboard.documents.base import Row
from dashboard.documents.session import PersistentSession
from dashboard.documents.user import Account
from dashboard.domain.permissions import Permission
from dashboard.services import sessions as use_cases
from dashboard.web import sessions
from dashboard.web.access import permission_required, safe_next, signed_in
from dashboard.web.filters import Filters
from dashboard.web.hypermedia import go_to, render
from dashboard.web.identity import actor

bp = Blueprint("sessions", __name__)


@bp.get("/auth/sessions")  # as other systems call it
@bp.get("/sessions")
@signed_in
def index() -> ResponseReturnValue:
    """Show somebody their own sessions. An unchanged page is its tag alone."""
    board = sessions.own(_reader())
    if board.tag in request.if_none_match:
        return Response(status=304)
    response = render("sessions/index.html", "sessions/_own.html", board=board)
    response.set_etag(board.tag)
    return response


@bp.get("/sessions/all")
@permission_required(Permission.MANAGE_SESSIONS)
def every() -> ResponseReturnValue:
    """List everybody's sessions, newest first. An unchanged page is its tag alone."""
    filters = Filters.read(request.args, sessions.SESSIONS)
    table = sessions.listing(filters, _reader())
    tag = sessions.tag(table.lines, table.older)
    if tag in request.if_none_match:
        return Response(status=304)
    fragment = "sessions/_table.html"
    response = render("sessions/every.html", fragment, table=table, tag=tag)
    response.set_etag(tag)
    return response


@bp.post("/sessions/<session_id>/revoke")
@signed_in
def revoke(session_id: str) -> ResponseReturnValue:
    """End one session: one's own, or for administrators anybody's."""
    row = _visible_or_404(session_id)
    use_cases.revoke(row, actor())
    flash(_("The session has ended."))
    return go_to(safe_next(request.form.get("back", "")) or url_for(".index"))


@bp.post("/sessions/others/revoke")
@signed_in
def revoke_others() -> ResponseReturnValue:
    """End every session of somebody but the one they act in."""
    count = use_cases.revoke_others(_reader(), actor())
    done = ngettext("%(num)d session has ended.", "%(num)d sessions have ended.", count)
    flash(done)
    return go_to(url_for(".index"))


def _visible_or_404(session_id: str) -> Row:
    row = PersistentSession.of_id(session_id)
    is_own = row is not None and row["user_id"] == current_user.id
    if row is None or not (is_own or current_user.may(Permission.MANAGE_SESSIONS)):
        abort(404)
    return row


def _reader() -> Account:
    reader: Account = current_user._get_current_object()
    return reader
