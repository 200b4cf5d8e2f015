"""Blackmail with recordings or data the writer claims to have."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-extortion"
SUMMARY = Sentence("The text blackmails the reader: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases of blackmail."""
    return phrases.findings(message, "extortion", RULE, SUMMARY)
