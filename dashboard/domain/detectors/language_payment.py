"""Money that is to move: a transfer, a fee, an invoice, a refund."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-payment"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that ask for or promise a payment."""
    seen = phrases.evidence(message, "payment")
    if seen:
        yield Finding(
            RULE,
            f"The text is about money changing hands: “{phrases.quoted(seen[0])}”.",
            seen,
        )
