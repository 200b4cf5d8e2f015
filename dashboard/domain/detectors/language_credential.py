"""A pretext to sign in or to confirm an account."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-credential"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that lead to giving away a password or identity."""
    seen = phrases.evidence(message, "credential")
    if seen:
        yield Finding(
            RULE,
            f"The text wants the reader to sign in or confirm an account: “{phrases.quoted(seen[0])}”.",
            seen,
        )
