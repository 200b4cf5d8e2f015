"""Vouchers: money that cannot be called back."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-gift-card"
SUMMARY = "The text is about gift cards or vouchers"


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases about buying or sending vouchers."""
    return phrases.findings(message, "gift-card", RULE, SUMMARY)
