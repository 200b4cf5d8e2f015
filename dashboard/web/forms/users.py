"""Forms about the accounts of others."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from dashboard.domain.permissions import Role
from dashboard.services.administration import MAX_REASON
from dashboard.web.forms import Form

ROLES: dict[str, Any] = {
    Role.VIEWER: _l("Viewer"),
    Role.ANALYST: _l("Analyst"),
    Role.LAB: _l("Laboratory"),
    Role.MANAGER: _l("Manager"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMIN: _l("Administrator"),
}
CHOICES = [SelectChoice(str(role), word) for role, word in ROLES.items()]
WHY = _l("Reason, kept in the audit trail")


class InvitationForm(Form):
    username = StringField(
        _l("User name"), validators=[DataRequired(), Length(max=150)]
    )
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(), Length(max=254)]
    )
    role = SelectField(_l("Role"), choices=CHOICES, default=Role.ANALYST.value)


class AccountForm(Form):
    full_name = StringField(_l("Full name"), validators=[Length(max=200)])
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(), Length(max=254)]
    )
    role = SelectField(_l("Role"), choices=CHOICES)
    reason = StringField(WHY, validators=[DataRequired(), Length(max=MAX_REASON)])
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class ReasonForm(Form):
    reason = StringField(
        WHY, validators=[DataRequired(), Length(max=MAX_REASON)], id="state-reason"
    )
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired()], id="state-version"
    )
