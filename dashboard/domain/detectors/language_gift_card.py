"""Vouchers: money that cannot be called back."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-gift-card"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases about buying or sending vouchers."""
    seen = phrases.evidence(message, "gift-card")
    if seen:
        yield Finding(
            RULE,
            f"The text is about gift cards or vouchers: “{phrases.quoted(seen[0])}”.",
            seen,
        )
