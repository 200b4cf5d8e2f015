"""Goods, cures, company or quick money nobody asked for."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-goods"
SUMMARY = "The text offers something nobody asked for"


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases of unasked-for offers."""
    return phrases.findings(message, "goods", RULE, SUMMARY)
