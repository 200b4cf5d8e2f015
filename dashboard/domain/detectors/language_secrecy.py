"""A request to tell nobody, who might know better."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-secrecy"
SUMMARY = Sentence("The text asks for secrecy: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that ask for silence."""
    return phrases.findings(message, "secrecy", RULE, SUMMARY)
