"""A deadline or a threat of loss, so that nobody stops to think."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-pressure"
SUMMARY = Sentence("The text puts the reader under pressure: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that hurry the reader."""
    return phrases.findings(message, "pressure", RULE, SUMMARY)
