"""Goods, cures, company or quick money nobody asked for."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-goods"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases of unasked-for offers."""
    seen = phrases.evidence(message, "goods")
    if seen:
        yield Finding(
            RULE,
            f"The text offers something nobody asked for: “{phrases.quoted(seen[0])}”.",
            seen,
        )
