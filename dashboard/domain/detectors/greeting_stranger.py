"""A greeting by someone who does not know to whom he writes."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.surroundings import is_quoted

RULE = "greeting-stranger"
EARLY = 400  # characters of a body in which one greets


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a role in place of a name, at the head of a body or in the subject."""
    seen = tuple(
        each
        for each in phrases.evidence(message, "stranger")
        if (each.place.start or 0) < EARLY and not is_quoted(message, each)
    )
    if seen:
        quoted = " ".join(seen[0].value.split())[: phrases.LONGEST_QUOTE]
        yield Finding(
            RULE,
            Sentence("The mail greets “%(quoted)s”, not a person.", quoted=quoted),
            seen,
        )
