"""The form in which managers say what the engine may know of the organisation."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation
from wtforms.widgets import HiddenInput

from dashboard.domain.organisation import Fault, Field, NotAccepted, entries
from dashboard.services.organisation import Said
from dashboard.web.forms import Form
from dashboard.web.templating import translated

MAX_TEXT: Final = 100_000  # characters of one field
MAX_VERSION: Final = 1_000_000_000


class Entries:
    """One entry a line; says of every faulty line what is wrong with it."""

    def __init__(self, name: Field) -> None:
        self.name = name

    def __call__(self, form: Form, field: TextAreaField) -> None:
        if field.errors:  # it is too long to be read
            raise StopValidation
        try:
            entries(self.name, field.data or "")
        except NotAccepted as error:
            field.errors = [_said(fault) for fault in error.faults]
            raise StopValidation from None


def _lines(name: Field, label: Any) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=MAX_TEXT), Entries(name)])


class SettingsForm(Form):
    own_domains = _lines(Field.OWN_DOMAINS, _l("Own mail domains"))
    executives = _lines(Field.EXECUTIVES, _l("People attackers pose as"))
    protected = _lines(Field.PROTECTED, _l("Protected names and brands"))
    trusted_servers = _lines(
        Field.TRUSTED_SERVERS, _l("Trusted authentication servers")
    )
    forwarders = _lines(Field.FORWARDERS, _l("Trusted forwarders"))
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, MAX_VERSION)]
    )

    @property
    def wanted(self) -> Said:
        """What every field is to say, once the form is valid."""
        return {name: entries(name, self[name.value].data or "") for name in Field}

    def admit(self, problem: str, version: int) -> None:
        """Say what happened meanwhile, and let the next attempt build on it."""
        self.form_errors = [problem]
        self.version.data = version
        self.version.raw_data = None


def filled(said: Said, version: int) -> SettingsForm:
    """The form with these entries."""
    shown = {name.value: "\n".join(lines) for name, lines in said.items()}
    return SettingsForm(formdata=None, data={**shown, "version": version})


def _said(fault: Fault) -> str:
    why = translated(fault.why.template) % fault.why.values
    if not fault.line:
        return why
    return str(_("Line %(number)d: %(fault)s", number=fault.line, fault=why))
