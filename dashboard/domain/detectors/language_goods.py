"""Goods, cures, company or quick money nobody asked for."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-goods"
SUMMARY = Sentence("The text offers something nobody asked for: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases of unasked-for offers."""
    return phrases.findings(message, "goods", RULE, SUMMARY)
