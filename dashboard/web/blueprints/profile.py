"""One's own account: name, time zone, looks and password."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pymongo.errors import DuplicateKeyError

from dashboard.domain.passwords import MIN_LENGTH, WeakPassword
from dashboard.extensions import limiter
from dashboard.services import profiles
from dashboard.services.profiles import WrongPassword
from dashboard.web import users
from dashboard.web.access import signed_in
from dashboard.web.blueprints.auth import sign_in_limit
from dashboard.web.forms.profile import PasswordForm, ProfileForm
from dashboard.web.forms.users import ROLES
from dashboard.web.hypermedia import go_to
from dashboard.web.identity import actor
from dashboard.web.sentences import worded

bp = Blueprint("profile", __name__)

CHOICES = ("full_name", "time_zone", "language", "theme", "density")


@bp.get("/profile")
@signed_in
def edit() -> ResponseReturnValue:
    """Offer what somebody may change about themselves."""
    return _page()


@bp.post("/profile")
@signed_in
def update() -> ResponseReturnValue:
    """Keep a name and how the pages look; nothing else a form may carry."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(form=form), 422
    wanted = {name: form.data[name] or "" for name in CHOICES}
    try:
        profiles.keep(current_user, actor(), **wanted)
    except DuplicateKeyError as error:
        form.full_name.errors = [users.why(error)]
        return _page(form=form), 409
    flash(_("Saved."))
    return go_to(url_for(".edit"))


@bp.post("/profile/password")
@signed_in
@limiter.limit(sign_in_limit)
def change_password() -> ResponseReturnValue:
    """Change the password, which takes the current one, and end other sessions."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(password=form), 422
    known, wanted = form.known.data or "", form.wanted.data or ""
    try:
        profiles.change_password(current_user, actor(), known=known, wanted=wanted)
    except WrongPassword:
        form.known.errors = [_("This is not your current password.")]
        return _page(password=form), 400
    except WeakPassword as error:
        form.wanted.errors = [worded(error)]
        return _page(password=form), 422
    flash(_("Your password is changed; your other sessions have ended."))
    return go_to(url_for(".edit"))


def _page(
    *, form: ProfileForm | None = None, password: PasswordForm | None = None
) -> str:
    shown = {name: getattr(current_user, name) for name in CHOICES}
    return render_template(
        "profile/edit.html",
        form=form or ProfileForm(formdata=None, data=shown),
        password=password or PasswordForm(formdata=None),
        min_length=MIN_LENGTH,
        role=ROLES[current_user.role],
    )
