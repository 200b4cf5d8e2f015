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

    @property
    def wanted(self) -> dict[str, Any]:
        """The account somebody is invited to."""
        return {
            "username": self.username.data or "",
            "email": self.email.data or "",
            "role": Role(self.role.data),
        }


class AccountForm(Form):
    full_name = StringField(_l("Full name"), validators=[Length(max=200)])
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(), Length(max=254)]
    )
    role = SelectField(_l("Role"), choices=CHOICES)
    reason = StringField(WHY, validators=[DataRequired(), Length(max=MAX_REASON)])
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @property
    def wanted(self) -> dict[str, Any]:
        """What the account is to be, why, and which version of it was seen."""
        return {
            "email": self.email.data or "",
            "full_name": self.full_name.data or "",
            "role": Role(self.role.data),
            "reason": self.reason.data,
            "version": self.version.data,
        }


class ReasonForm(Form):
    reason = StringField(
        WHY, validators=[DataRequired(), Length(max=MAX_REASON)], id="state-reason"
    )
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired()], id="state-version"
    )

    @property
    def given(self) -> dict[str, Any]:
        """Why, and which version of the account was seen."""
        return {"reason": self.reason.data, "version": self.version.data}
