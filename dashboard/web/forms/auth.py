"""Forms for signing in and for the first administrator."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from dashboard.domain.passwords import MAX_LENGTH
from dashboard.web.forms import Form


class SignInForm(Form):
    login = StringField(
        _l("User name or e-mail address"), validators=[DataRequired(), Length(max=254)]
    )
    password = PasswordField(
        _l("Password"), validators=[DataRequired(), Length(max=MAX_LENGTH)]
    )
    next = HiddenField()
    time_zone = HiddenField()


class FirstAdministratorForm(Form):
    username = StringField(
        _l("User name"), validators=[DataRequired(), Length(max=150)]
    )
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(), Length(max=254)]
    )
    full_name = StringField(_l("Full name"), validators=[Length(max=200)])
    password = PasswordField(
        _l("Password"), validators=[DataRequired(), Length(max=MAX_LENGTH)]
    )
    time_zone = HiddenField()


class InvitedForm(Form):
    full_name = StringField(_l("Full name"), validators=[Length(max=200)])
    password = PasswordField(
        _l("Password"), validators=[DataRequired(), Length(max=MAX_LENGTH)]
    )
    time_zone = HiddenField()
