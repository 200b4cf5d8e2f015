"""A prize or present nobody applied for."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-prize"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that promise a prize or reward."""
    seen = phrases.evidence(message, "prize")
    if seen:
        yield Finding(
            RULE, f"The text promises a prize: “{phrases.quoted(seen[0])}”.", seen
        )
