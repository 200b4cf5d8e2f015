"""A fortune or loan from a stranger, for a small fee first."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-advance-fee"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that promise a fortune, loan or partnership."""
    seen = phrases.evidence(message, "advance-fee")
    if seen:
        yield Finding(
            RULE,
            f"The text holds out a fortune from a stranger: “{phrases.quoted(seen[0])}”.",
            seen,
        )
