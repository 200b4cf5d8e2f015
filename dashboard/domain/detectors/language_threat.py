"""Courts, fines, viruses: fear of harm to come."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-threat"
SUMMARY = Sentence("The text threatens the reader: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that threaten harm."""
    return phrases.findings(message, "threat", RULE, SUMMARY)
