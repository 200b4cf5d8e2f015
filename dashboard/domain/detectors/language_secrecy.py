"""A request to tell nobody, who might know better."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message

RULE = "language-secrecy"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report phrases that ask for silence."""
    seen = phrases.evidence(message, "secrecy")
    if seen:
        yield Finding(
            RULE, f"The text asks for secrecy: “{phrases.quoted(seen[0])}”.", seen
        )
