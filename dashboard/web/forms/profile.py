"""Forms about one's own account."""

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, EqualTo, Length

from dashboard.documents.user import LANGUAGES
from dashboard.domain.passwords import MAX_LENGTH
from dashboard.services.sessions import time_zones
from dashboard.web.forms import Form

THEMES = [
    SelectChoice("system", _l("As the system has it")),
    SelectChoice("light", _l("Light")),
    SelectChoice("dark", _l("Dark")),
]
DENSITIES = [
    SelectChoice("comfortable", _l("Comfortable")),
    SelectChoice("compact", _l("Compact: more rows on a screen")),
]
LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
SAME = _l("The two are not the same.")


class ProfileForm(Form):
    full_name = StringField(_l("Full name"), validators=[Length(max=200)])
    time_zone = SelectField(_l("Time zone"))
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    theme = SelectField(_l("Theme"), choices=THEMES)
    density = SelectField(_l("Density of lists"), choices=DENSITIES)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.time_zone.choices = [SelectChoice(name, name) for name in self.zones]

    @property
    def zones(self) -> tuple[str, ...]:
        """The names of all time zones, in their order."""
        return _zones()


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(time_zones()))


class PasswordForm(Form):
    known = PasswordField(
        _l("Current password"), validators=[DataRequired(), Length(max=MAX_LENGTH)]
    )
    wanted = PasswordField(
        _l("New password"), validators=[DataRequired(), Length(max=MAX_LENGTH)]
    )
    again = PasswordField(
        _l("New password again"), validators=[EqualTo("wanted", message=SAME)]
    )
