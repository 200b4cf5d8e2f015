"""Looking after accounts: inviting people, changing roles, shutting somebody out."""

from typing import Any

from bson import ObjectId
from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Row
from dashboard.documents.user import state_of
from dashboard.domain.names import BadName
from dashboard.domain.permissions import Permission
from dashboard.services import administration, invitations, sessions
from dashboard.services.accounts import Edited
from dashboard.services.administration import NotPossible
from dashboard.web import sessions as signed_in_with
from dashboard.web import users
from dashboard.web.access import permission_required
from dashboard.web.filters import Filters
from dashboard.web.forms.users import AccountForm, InvitationForm, ReasonForm
from dashboard.web.hypermedia import go_to, render
from dashboard.web.identity import actor
from dashboard.web.sentences import worded
from dashboard.web.users import found_or_404

bp = Blueprint("users", __name__)


@bp.get("/users")
@permission_required(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """List accounts, newest first."""
    filters = Filters.read(request.args, users.USERS)
    table = users.listing(filters, current_user._get_current_object())
    return render("users/index.html", "users/_table.html", table=table)


@bp.get("/users/new")
@permission_required(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Offer the form that invites somebody."""
    return render_template("users/new.html", form=InvitationForm())


@bp.post("/users")
@permission_required(Permission.MANAGE_USERS)
def create() -> ResponseReturnValue:
    """Invite somebody, and show the link that is theirs, this once."""
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            user_id, secret = invitations.invite(**form.wanted, actor=actor())
        except (BadName, DuplicateKeyError, NotPossible) as error:
            form.form_errors = [users.why(error)]
            return render_template("users/new.html", form=form), users.status(error)
        return _link_page(found_or_404(user_id), secret), 201
    return render_template("users/new.html", form=form), 422


@bp.get("/users/<user_id>")
@permission_required(Permission.MANAGE_USERS)
def show(user_id: str) -> ResponseReturnValue:
    """Show one account, with what can be done about it."""
    return _page(found_or_404(user_id))


@bp.post("/users/<user_id>")
@permission_required(Permission.MANAGE_USERS)
def update(user_id: str) -> ResponseReturnValue:
    """Change name, address and role of somebody."""
    row = found_or_404(user_id)
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(row, form=form), 422
    try:
        administration.edit(row["_id"], actor(), **form.wanted)
    except (BadName, DuplicateKeyError) as error:
        form.form_errors = [users.why(error)]
        return _page(row, form=form), users.status(error)
    except (Edited, NotPossible) as error:
        return _page(found_or_404(user_id), problem=worded(error)), 409
    flash(_("Saved. It holds from the next request of this account."))
    return go_to(url_for(".show", user_id=user_id))


@bp.post("/users/<user_id>/deactivate")
@permission_required(Permission.MANAGE_USERS)
def deactivate(user_id: str) -> ResponseReturnValue:
    """Shut somebody out at once, or withdraw their invitation."""
    done = _("Nobody can sign in with this account now.")
    return _decide(user_id, administration.deactivate, done)


@bp.post("/users/<user_id>/reactivate")
@permission_required(Permission.MANAGE_USERS)
def reactivate(user_id: str) -> ResponseReturnValue:
    """Let somebody sign in again."""
    done = _("This account can sign in again.")
    return _decide(user_id, administration.reactivate, done)


@bp.post("/users/<user_id>/delete")
@permission_required(Permission.MANAGE_USERS)
def delete(user_id: str) -> ResponseReturnValue:
    """Delete an account that was never opened."""
    done = _("The account is deleted; its names are free again.")
    return _decide(user_id, administration.remove, done, there=url_for(".index"))


@bp.post("/users/<user_id>/invitation")
@permission_required(Permission.MANAGE_USERS)
def invite(user_id: str) -> ResponseReturnValue:
    """Make a new link for somebody who has not accepted yet, and show it once."""
    row = found_or_404(user_id)
    try:
        secret = invitations.renew(row["_id"], actor())
    except NotPossible as error:
        return _page(row, problem=worded(error)), 409
    return _link_page(row, secret), 201


@bp.post("/users/<user_id>/sessions/revoke")
@permission_required(Permission.MANAGE_SESSIONS)
def revoke(user_id: str) -> ResponseReturnValue:
    """End every session of somebody."""
    row = found_or_404(user_id)
    sessions.revoke_all(str(row["_id"]), actor(), why=sessions.REVOKED)
    flash(_("Every session of this account has ended."))
    return go_to(url_for(".show", user_id=user_id))


def _decide(
    user_id: str, decision: Any, done: str, *, there: str = ""
) -> ResponseReturnValue:
    """Do what an administrator gives a reason for, and show the account."""
    row = found_or_404(user_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(row, reason=form), 422
    try:
        decision(ObjectId(user_id), actor(), **form.given)
    except (Edited, NotPossible) as error:
        return _page(found_or_404(user_id), problem=worded(error)), 409
    flash(done)
    return go_to(there or url_for(".show", user_id=user_id))


def _page(
    row: Row,
    *,
    form: AccountForm | None = None,
    reason: ReasonForm | None = None,
    problem: str = "",
) -> str:
    reader = current_user._get_current_object()
    version = row.get("version", 1)
    shown = {name: row.get(name, "") for name in ("full_name", "email", "role")}
    return render_template(
        "users/show.html",
        row=row,
        line=users.line(row, reader),
        state=state_of(row).value,
        form=form or AccountForm(formdata=None, data={**shown, "version": version}),
        reason=reason or ReasonForm(formdata=None, data={"version": version}),
        problem=problem,
        life=invitations.LIFE.days,
        sessions=signed_in_with.live_lines(str(row["_id"]), reader),
    )


def _link_page(row: Row, secret: str) -> str:
    link = url_for("auth.new_invited", secret=secret, _external=True)
    days = invitations.LIFE.days
    return render_template("users/invited.html", row=row, link=link, days=days)
