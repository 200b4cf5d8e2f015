"""What stands around a phrase that was seen in a message."""

from collections.abc import Iterator

from dashboard.domain.findings import Evidence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources

_MARKS = (">", "|")  # before the lines of a mail that is answered


def spots(message: Message, seen: Evidence) -> Iterator[tuple[str, int]]:
    """The text a phrase was found in, and where in it."""
    spot = seen.place
    for text, whole in sources(message):
        same = (whole.where, whole.part, whole.name, whole.path)
        if same == (spot.where, spot.part, spot.name, spot.path):
            yield text, (spot.start or 0) - (whole.start or 0)


def is_quoted(message: Message, seen: Evidence) -> bool:
    """Whether a phrase stands in a line that an answer repeats."""
    return any(
        text[text.rfind("\n", 0, start) + 1 : start].lstrip().startswith(_MARKS)
        for text, start in spots(message, seen)
    )
