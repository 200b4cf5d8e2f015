"""A pretext to sign in or to confirm an account."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-credential"
SUMMARY = Sentence("The text takes the reader's account as a pretext: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that lead to giving away a password or identity."""
    return phrases.findings(message, "credential", RULE, SUMMARY)
