"""A deadline or a threat of loss, so that nobody stops to think."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-pressure"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that hurry the reader."""
    seen = phrases.evidence(message, "pressure")
    if seen:
        yield Finding(
            RULE,
            f"The text puts the reader under pressure: “{phrases.quoted(seen[0])}”.",
            seen,
        )
