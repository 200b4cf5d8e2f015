"""Signing in and out, and making the first administrator."""

from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    current_app,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pymongo.errors import DuplicateKeyError

from dashboard.documents.user import Account
from dashboard.domain.names import BadName
from dashboard.domain.passwords import MIN_LENGTH, WeakPassword
from dashboard.extensions import limiter
from dashboard.services import accounts, invitations, sessions
from dashboard.services.links import LinkSpent
from dashboard.web import users
from dashboard.web.access import public, safe_next, signed_in
from dashboard.web.forms.auth import FirstAdministratorForm, InvitedForm, SignInForm
from dashboard.web.hypermedia import go_to
from dashboard.web.identity import SESSION_SECRET, actor, lifetimes
from dashboard.web.navigation import home
from dashboard.web.sentences import worded

bp = Blueprint("auth", __name__)


def sign_in_limit() -> str:
    """How often one address may try."""
    limit: str = current_app.extensions["settings"].SIGN_IN_LIMIT
    return limit


@bp.get("/login")
@public
def new() -> ResponseReturnValue:
    """Offer the form for signing in."""
    if current_user.is_authenticated:
        return go_to(home(current_user))
    form = SignInForm(next=safe_next(request.args.get("next", "")))
    return render_template("auth/sign_in.html", form=form)


@bp.post("/login")
@public
@limiter.limit(sign_in_limit)
def create() -> ResponseReturnValue:
    """Sign somebody in, or say that name and password do not match."""
    form = SignInForm()
    if form.validate_on_submit():
        login, password = form.login.data or "", form.password.data or ""
        if account := accounts.authenticate(login, password):
            _begin(account, form.time_zone.data or "")
            return go_to(safe_next(form.next.data or "") or home(account))
        form.form_errors = [_("That name and password do not match.")]
    tried = (form.login.data or "anonymous")[:80]
    sessions.refuse(actor(tried), why="name and password do not match")
    return render_template("auth/sign_in.html", form=form), 422


@bp.post("/logout")
@signed_in
def delete() -> ResponseReturnValue:
    """End the session here and everywhere."""
    sessions.end(current_user, actor(), why="signed out")
    session.clear()
    response = go_to(url_for("auth.new"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.post("/theme")
@signed_in
def theme() -> ResponseReturnValue:
    """Keep which theme the reader wants."""
    accounts.choose_theme(current_user, request.form.get("theme", ""), actor())
    return go_to(safe_next(request.form.get("back", "")) or home(current_user))


@bp.get("/first/<secret>")
@public
def new_first(secret: str) -> ResponseReturnValue:
    """Offer the form that makes the first administrator, once."""
    if not accounts.is_first_link(secret):
        abort(404)
    return _first_page(FirstAdministratorForm(), secret)


@bp.post("/first/<secret>")
@public
@limiter.limit(sign_in_limit)
def create_first(secret: str) -> ResponseReturnValue:
    """Make the first administrator and sign them in."""
    form = FirstAdministratorForm()
    if form.validate_on_submit() and _is_made(form, secret):
        return go_to(url_for("overview.index"))
    return _first_page(form, secret), 422


@bp.get("/invitations/<secret>")
@public
def new_invited(secret: str) -> ResponseReturnValue:
    """Offer the form that accepts an invitation, once."""
    return _invited_page(InvitedForm(), secret)


@bp.post("/invitations/<secret>")
@public
@limiter.limit(sign_in_limit)
def create_invited(secret: str) -> ResponseReturnValue:
    """Accept an invitation: take a name and a password, and be signed in."""
    form = InvitedForm()
    if not form.validate_on_submit():
        return _invited_page(form, secret), 422
    name, password = form.full_name.data or "", form.password.data or ""
    who = actor("anonymous")
    try:
        row = invitations.accept(secret, full_name=name, password=password, actor=who)
    except LinkSpent:
        abort(404)
    except WeakPassword as error:
        form.password.errors = [worded(error)]
        return _invited_page(form, secret), 422
    except DuplicateKeyError as error:
        form.full_name.errors = [users.why(error)]
        return _invited_page(form, secret), 409
    account = Account.from_row(row)
    _begin(account, form.time_zone.data or "")
    return go_to(home(account))


def _is_made(form: FirstAdministratorForm, secret: str) -> bool:
    """Whether the form made the first administrator, who is then signed in."""
    username, password = form.username.data or "", form.password.data or ""
    try:
        accounts.create_first(
            secret,
            username=username,
            email=form.email.data or "",
            full_name=form.full_name.data or "",
            password=password,
            actor=actor("first administrator link"),
        )
    except LinkSpent:
        abort(404)
    except WeakPassword as error:
        form.password.errors = [worded(error)]
        return False
    except (BadName, DuplicateKeyError) as error:
        form.form_errors = [users.why(error)]
        return False
    if account := accounts.authenticate(username, password):
        _begin(account, form.time_zone.data or "")
    return True


def _first_page(form: FirstAdministratorForm, secret: str) -> str:
    return render_template(
        "auth/first.html", form=form, secret=secret, min_length=MIN_LENGTH
    )


def _invited_page(form: InvitedForm, secret: str) -> str:
    row = invitations.invited(secret)
    if row is None:
        abort(404)
    return render_template(
        "auth/invited.html", form=form, secret=secret, row=row, min_length=MIN_LENGTH
    )


def _begin(account: Account, time_zone: str) -> None:
    session.clear()  # a session somebody else may have planted ends here
    who = replace(actor(account.username), user_id=account.id)
    session[SESSION_SECRET] = sessions.begin(
        account, who, lifetimes=lifetimes(), time_zone=time_zone
    )
    session.permanent = True
