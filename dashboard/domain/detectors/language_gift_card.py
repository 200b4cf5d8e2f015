"""Vouchers: money that cannot be called back."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-gift-card"
SUMMARY = Sentence("The text is about gift cards or vouchers: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases about buying or sending vouchers."""
    return phrases.findings(message, "gift-card", RULE, SUMMARY)
