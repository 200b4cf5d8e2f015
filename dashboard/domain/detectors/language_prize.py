"""A prize or present nobody applied for."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-prize"
SUMMARY = Sentence("The text promises a prize: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that promise a prize or reward."""
    return phrases.findings(message, "prize", RULE, SUMMARY)
