"""Forms in which people put indicators on record, change them and take them off."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FloatField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from dashboard.documents.base import Row
from dashboard.documents.indicator import slug
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import (
    OBSERVED,
    Kind,
    NotAnIndicator,
    Threat,
    fanged,
    kind_of,
    normalised,
)
from dashboard.services.indicators import Told
from dashboard.web.forms import Form
from dashboard.web.listing import LEVELS
from dashboard.web.sentences import worded

KINDS: Final[Mapping[str, Any]] = {
    Kind.URL: _l("URL"),
    Kind.DOMAIN: _l("Domain"),
    Kind.IP: _l("IP address"),
    Kind.EMAIL: _l("Mail address"),
    Kind.SHA256: _l("File SHA-256"),
    Kind.SHA1: _l("File SHA-1"),
    Kind.MD5: _l("File MD5"),
}
THREATS: Final[Mapping[str, Any]] = {
    Threat.PHISHING: _l("Phishing"),
    Threat.MALWARE: _l("Malware"),
    Threat.SCAM: _l("Scam"),
    Threat.SPAM: _l("Spam"),
    Threat.OTHER: _l("Other"),
}
MAX_TAGS: Final = 20
MAX_NOTES: Final = 20
TAG: Final = re.compile(r"[\w.-]{1,40}")
NOTE: Final = re.compile(r"\s*([A-Za-z][\w -]{0,39}?)\s*:\s*(\S.{0,499})")


class RecordForm(Form):
    threat_type = SelectField(
        _l("Threat"),
        choices=[SelectChoice(str(name), word) for name, word in THREATS.items()],
    )
    threat_level = SelectField(
        _l("Level"),
        choices=[SelectChoice(str(level), LEVELS[level][2]) for level in Level],
        default=Level.MEDIUM.value,
    )
    confidence_score = FloatField(
        _l("Confidence, from 0 to 1"),
        validators=[
            InputRequired(_l("Say how sure you are, from 0 to 1.")),
            NumberRange(0, 1, _l("Write a number from 0 to 1.")),
        ],
        default=0.8,
    )
    source = StringField(
        _l("Source"),
        validators=[
            DataRequired(_l("Say where you have it from.")),
            Length(max=100),
        ],
    )
    tags = StringField(_l("Tags, separated by commas"), validators=[Length(max=400)])
    description = TextAreaField(_l("Description"), validators=[Length(max=4000)])
    notes = TextAreaField(
        _l("More facts, one a line, as name: value"), validators=[Length(max=4000)]
    )
    version = IntegerField(widget=HiddenInput(), default=1)

    def validate_source(self, field: StringField) -> None:
        name = slug(field.data or "")
        if not any(map(str.isalnum, name)) or name == OBSERVED:
            raise ValidationError(_("Say where you have it from, in words of yours."))

    def validate_tags(self, field: StringField) -> None:
        found = _tags(field.data or "")
        if len(found) > MAX_TAGS or not all(map(TAG.fullmatch, found)):
            raise ValidationError(
                _("Up to 20 tags of letters, digits, dots and hyphens.")
            )

    def validate_notes(self, field: TextAreaField) -> None:
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MAX_NOTES or not all(map(NOTE.fullmatch, lines)):
            raise ValidationError(_("Write up to 20 lines, each as name: value."))

    @property
    def told(self) -> Told:
        """What was said, once the form is valid."""
        found = (NOTE.fullmatch(line) for line in (self.notes.data or "").splitlines())
        return Told(
            threat=Threat(self.threat_type.data),
            level=Level(self.threat_level.data),
            confidence=float(self.confidence_score.data or 0),
            source=(self.source.data or "").strip(),
            description=(self.description.data or "").strip(),
            tags=tuple(_tags(self.tags.data or "")),
            metadata={note[1]: note[2].strip() for note in found if note},
        )

    def spelled(self, row: Row) -> tuple[Kind, str] | None:
        """What the indicator is called now, if that may be changed and was."""
        return None

    def admit(self, problem: str, version: int) -> None:
        """Say what happened meanwhile, and let the next attempt build on it."""
        self.form_errors = [problem]
        self.version.data = version
        self.version.raw_data = None


class NewIndicatorForm(RecordForm):
    indicator = StringField(
        _l("Indicator"),
        validators=[
            DataRequired(_l("Write a URL, domain, address or hash.")),
            Length(max=4000),
        ],
    )
    indicator_type = SelectField(
        _l("Type"),
        choices=[
            SelectChoice("", _l("By its form")),
            *(SelectChoice(str(kind), word) for kind, word in KINDS.items()),
        ],
        default="",
    )
    kind: Kind
    value: str

    def validate_indicator(self, field: StringField) -> None:
        text = field.data or ""
        try:
            chosen = self.indicator_type.data
            self.kind = Kind(chosen) if chosen in set(Kind) else kind_of(text)
            self.value = normalised(self.kind, text)
        except NotAnIndicator as error:
            raise ValidationError(worded(error)) from None


class ChangeForm(NewIndicatorForm):
    """What people put on record may also have been spelled wrongly."""

    def spelled(self, row: Row) -> tuple[Kind, str] | None:
        """What it is called now; None as long as nobody touched the name."""
        is_same = self.indicator.data == fanged(row["indicator_type"], row["indicator"])
        return None if is_same else (self.kind, self.value)


class RemovalForm(Form):
    reason = StringField(
        _l("Reason, kept in the audit trail"),
        validators=[DataRequired(_l("Say why.")), Length(max=400)],
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


def form_of(row: Row) -> type[RecordForm]:
    """What was met in a message can be rated; only people spell wrongly."""
    return RecordForm if row["source"] == OBSERVED else ChangeForm


def filled(row: Row) -> dict[str, Any]:
    """What a form for changing an indicator begins with."""
    is_observed = row["source"] == OBSERVED
    return {
        "indicator": fanged(row["indicator_type"], row["indicator"]),
        "indicator_type": row["indicator_type"],
        "threat_type": Threat.PHISHING if is_observed else row["threat_type"],
        "threat_level": Level.MEDIUM if is_observed else row["threat_level"],
        "confidence_score": 0.8 if is_observed else row["confidence_score"],
        "source": "" if is_observed else row["source"],
        "tags": ", ".join(row["tags"]),
        "description": row["description"],
        "notes": "\n".join(f"{n}: {value}" for n, value in row["metadata"].items()),
        "version": row["version"],
    }


def _tags(text: str) -> list[str]:
    named = (slug(tag) for tag in text.split(","))
    return list(dict.fromkeys(tag for tag in named if tag))
