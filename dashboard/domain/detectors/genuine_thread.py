"""Against deceit: an answer that quotes what it answers."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Polarity
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_header

RULE = "thread-genuine"
FEWEST_LINES = 2


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report an answer with a reference to an earlier mail and its words."""
    earlier = message.first("In-Reply-To")
    if earlier is None or "@" not in earlier.value:
        return
    lines = message.visible_text[:40_000].splitlines()
    quoted = sum(line.lstrip().startswith(">") for line in lines)
    if quoted >= FEWEST_LINES or "wrote:" in message.visible_text[:40_000]:
        yield Finding(
            RULE,
            "The mail answers an earlier one and quotes it.",
            of_header(message, "In-Reply-To"),
            Polarity.AGAINST,
        )
