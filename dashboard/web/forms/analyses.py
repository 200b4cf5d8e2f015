"""The forms in which an analyst says what a message is, and has it read again."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from dashboard.domain import rulesets
from dashboard.services.analyses import MAX_NOTE, Category, Decision
from dashboard.web.forms import Form

MAX_REASON: Final = 400

DECISIONS = [
    SelectChoice(Decision.PHISHING.value, _l("Phishing")),
    SelectChoice(Decision.UNWANTED.value, _l("Unwanted")),
    SelectChoice(Decision.LEGITIMATE.value, _l("Legitimate")),
    SelectChoice(Decision.UNSURE.value, _l("Unsure")),
]
CATEGORIES = [
    SelectChoice("", _l("No category")),
    SelectChoice(Category.CREDENTIALS.value, _l("Credentials")),
    SelectChoice(Category.PAYMENT.value, _l("Payment")),
    SelectChoice(Category.MALWARE.value, _l("Malware")),
    SelectChoice(Category.SPAM.value, _l("Spam")),
    SelectChoice(Category.SCAM.value, _l("Scam")),
    SelectChoice(Category.SIMULATION.value, _l("Simulation")),
    SelectChoice(Category.OTHER.value, _l("Other")),
]
RULESETS = [SelectChoice(each, each) for each in reversed(rulesets.versions())]


class VerdictForm(Form):
    verdict = RadioField(
        _l("Verdict"),
        choices=DECISIONS,
        validators=[InputRequired(_l("Choose what the message is."))],
    )
    category = SelectField(_l("Category"), choices=CATEGORIES, default="")
    note = TextAreaField(
        _l("Note, kept in the audit trail"), validators=[Length(max=MAX_NOTE)]
    )

    @property
    def said(self) -> dict[str, Any]:
        """What was chosen, once the form is valid, as the use case wants it."""
        return {
            "verdict": Decision(self.verdict.data),
            "category": Category(self.category.data) if self.category.data else None,
            "note": self.note.data or "",
        }


class DeletionForm(Form):
    reason = StringField(
        _l("Reason, kept in the audit trail"),
        validators=[DataRequired(_l("Say why.")), Length(max=MAX_REASON)],
    )


class RepeatForm(Form):
    ruleset = SelectField(choices=RULESETS, default=rulesets.CURRENT)


class DecisionForm(VerdictForm):
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @property
    def decided(self) -> dict[str, Any]:
        """What was chosen of one message, and which version of it was seen."""
        return {**self.said, "version": self.version.data}

    def admit(self, problem: str, version: int) -> None:
        """Say what happened meanwhile, and let the next attempt build on it."""
        self.form_errors = [problem]
        self.version.data = version
        self.version.raw_data = None
