"""Text no reader sees, written for filters or to break up telling words."""

import re
from collections.abc import Iterator

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Hidden, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.places import in_text
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "hidden-text"
LONGEST_PREVIEW = 300  # newsletters hide the line a mailbox shows beside the subject
FEWEST_SCRAPS = 5
MOST_SOURCE = 200_000
_LONG = re.compile(r":\s{0,9}[0-9]{5}")  # tells soonest that there is none
_FAR = re2.compile(
    r"(?i)(?:margin-top|padding-top|height|top)\s*:\s{0,9}\d{5,9}\s*(?:px|vh|em|pt)"
)
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
    pushed = _pushed(message)
    if pushed:
        yield Finding(
            RULE,
            Sentence(
                "The mail pushes part of its text far below what its reader sees."
            ),
            pushed,
        )
        return
    length = sum(len(" ".join(plain_form(entry.text).split())) for entry in hidden)
    if length > LONGEST_PREVIEW or len(_scraps(hidden)) >= FEWEST_SCRAPS:
        yield Finding(
            RULE,
            Sentence(
                "The mail hides %(number)s characters of text from its reader.",
                number=length,
            ),
            tuple(
                sighting(message, entry.place, entry.how, "visible text")
                for entry in hidden[:MOST_EVIDENCE]
            ),
        )


def _pushed(message: Message) -> tuple[Evidence, ...]:
    """Rules of style that move what follows screens away."""
    pages = {page.part for page in message.html if page.is_body}
    found = []
    for part in message.parts:
        source = part.text[:MOST_SOURCE] if part.path in pages else ""
        hit = _FAR.search(source) if _LONG.search(source) else None
        if hit is not None:
            place = in_text(part, *hit.span())
            found.append(sighting(message, place, hit.group(), "text below text"))
    return tuple(found)


def _scraps(hidden: list[Hidden]) -> list[Hidden]:
    return [entry for entry in hidden if len(entry.text.strip()) <= LONGEST_SCRAP]
