"""A fortune or loan from a stranger, for a small fee first."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-advance-fee"
SUMMARY = Sentence("The text holds out a fortune from a stranger: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that promise a fortune, loan or partnership."""
    return phrases.findings(message, "advance-fee", RULE, SUMMARY)
