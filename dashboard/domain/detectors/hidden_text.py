"""Text no reader sees, written for filters or to break up telling words."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Hidden, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "hidden-text"
LONGEST_PREVIEW = 300  # newsletters hide the line a mailbox shows beside the subject
FEWEST_SCRAPS = 5
LONGEST_SCRAP = 12


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report hidden text longer than a preview line, or scattered in scraps."""
    hidden = [
        entry
        for page in message.html
        if page.is_body
        for entry in page.hidden
        if plain_form(entry.text).strip()
    ]
    length = sum(len(" ".join(plain_form(entry.text).split())) for entry in hidden)
    if length > LONGEST_PREVIEW or len(_scraps(hidden)) >= FEWEST_SCRAPS:
        yield Finding(
            RULE,
            f"The mail hides {length} characters of text from its reader.",
            tuple(
                sighting(message, entry.place, entry.how, "visible text")
                for entry in hidden[:MOST_EVIDENCE]
            ),
        )


def _scraps(hidden: list[Hidden]) -> list[Hidden]:
    return [entry for entry in hidden if len(entry.text.strip()) <= LONGEST_SCRAP]
