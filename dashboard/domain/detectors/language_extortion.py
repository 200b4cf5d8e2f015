"""Blackmail with recordings or data the writer claims to have."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-extortion"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases of blackmail."""
    seen = phrases.evidence(message, "extortion")
    if seen:
        yield Finding(
            RULE, f"The text blackmails the reader: “{phrases.quoted(seen[0])}”.", seen
        )
