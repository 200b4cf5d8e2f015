"""Accounts for programs: the same rules as on the pages, in JSON."""

from typing import Any, Final

from bson import ObjectId
from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Row
from dashboard.documents.user import state_of
from dashboard.domain.names import BadName
from dashboard.domain.permissions import Permission
from dashboard.services import administration, invitations
from dashboard.services.accounts import Edited
from dashboard.services.administration import NotPossible
from dashboard.web import fields, users
from dashboard.web.access import permission_required
from dashboard.web.filters import Filters
from dashboard.web.forms.users import AccountForm, InvitationForm, ReasonForm
from dashboard.web.identity import actor
from dashboard.web.templating import iso
from dashboard.web.users import found_or_404

bp = Blueprint("api_users", __name__, url_prefix="/api/v1/users")

REFUSED: Final = (BadName, DuplicateKeyError, Edited, NotPossible)


@bp.get("")
@permission_required(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """List accounts, newest first, with the filters of the page."""
    filters = Filters.read(request.args, users.USERS)
    page = users.found(filters, current_user)
    next_page = filters.query(after=str(page.after)) if page.after else None
    return jsonify(users=[as_json(row) for row in page.rows], next=next_page)


@bp.post("")
@permission_required(Permission.MANAGE_USERS)
def create() -> ResponseReturnValue:
    """Invite somebody; the answer holds the link that is theirs, this once."""
    form = fields.filled_in(InvitationForm, {})
    try:
        user_id, secret = invitations.invite(**form.wanted, actor=actor())
    except REFUSED as error:
        return _refused(error)
    link = url_for("auth.new_invited", secret=secret, _external=True)
    answer = jsonify(as_json(found_or_404(user_id)) | {"link": link})
    return answer, 201, {"Location": url_for(".show", user_id=user_id)}


@bp.get("/<user_id>")
@permission_required(Permission.MANAGE_USERS)
def show(user_id: str) -> ResponseReturnValue:
    """Tell what is known of an account."""
    return jsonify(as_json(found_or_404(user_id)))


@bp.patch("/<user_id>")
@permission_required(Permission.MANAGE_USERS)
def update(user_id: str) -> ResponseReturnValue:
    """Change the name, address or role that is sent, with a `reason`."""
    row = found_or_404(user_id)
    known = {name: row.get(name, "") for name in ("full_name", "email", "role")}
    form = fields.filled_in(AccountForm, known | {"version": row.get("version", 1)})
    try:
        administration.edit(row["_id"], actor(), **form.wanted)
    except REFUSED as error:
        return _refused(error)
    return jsonify(as_json(found_or_404(user_id)))


@bp.post("/<user_id>/deactivate")
@permission_required(Permission.MANAGE_USERS)
def deactivate(user_id: str) -> ResponseReturnValue:
    """Shut somebody out at once, with a `reason`."""
    return _decide(user_id, administration.deactivate)


@bp.post("/<user_id>/reactivate")
@permission_required(Permission.MANAGE_USERS)
def reactivate(user_id: str) -> ResponseReturnValue:
    """Let somebody sign in again, with a `reason`."""
    return _decide(user_id, administration.reactivate)


@bp.delete("/<user_id>")
@permission_required(Permission.MANAGE_USERS)
def delete(user_id: str) -> ResponseReturnValue:
    """Delete an account that was never opened, with a `reason`."""
    return _refusal_of(user_id, administration.remove) or ("", 204)


def as_json(row: Row) -> dict[str, Any]:
    """One account; nothing somebody could sign in with."""
    told = {name: row.get(name, "") for name in ("username", "email", "full_name")}
    times = {
        n: iso(row[n]) if row.get(n) else None for n in ("created_at", "last_login")
    }
    state = {"role": row["role"], "state": state_of(row).value}
    return {"id": str(row["_id"]), **told, **state, **times, "version": _version(row)}


def _version(row: Row) -> int:
    version: int = row.get("version", 1)
    return version


def _decide(user_id: str, decision: Any) -> ResponseReturnValue:
    refusal = _refusal_of(user_id, decision)
    return refusal or jsonify(as_json(found_or_404(user_id)))


def _refusal_of(user_id: str, decision: Any) -> ResponseReturnValue | None:
    """Do what an administrator gives a reason for; the answer if it cannot be."""
    row = found_or_404(user_id)
    form = fields.filled_in(ReasonForm, {"version": _version(row)})
    try:
        decision(ObjectId(user_id), actor(), **form.given)
    except REFUSED as error:
        return _refused(error)
    return None


def _refused(error: Exception) -> ResponseReturnValue:
    return jsonify(message=users.why(error)), users.status(error)
