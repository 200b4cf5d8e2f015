"""Courts, fines, viruses: fear of harm to come."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-threat"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that threaten harm."""
    seen = phrases.evidence(message, "threat")
    if seen:
        yield Finding(
            RULE, f"The text threatens the reader: “{phrases.quoted(seen[0])}”.", seen
        )
