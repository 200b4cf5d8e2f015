"""The workings of a mailing program, left in what the reader sees."""

import re
from collections.abc import Iterator
from itertools import islice

from dashboard.domain.blanks import BLANKS
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Place, Sentence, Where
from dashboard.domain.message import Message
from dashboard.domain.phrases import MOST_EVIDENCE, sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import sighting
from dashboard.domain.surroundings import is_answer, is_report

RULE = "machinery-visible"
MOST_TEXT = 8000  # characters of one text
# Whoever writes about such blanks puts them in quotes or calls them by their name.
_QUOTES = frozenset("\"'`“”„‘’«»")
_SUBJECTS = ("placeholder", "template", "variable", "platzhalter", "vorlage")
MOST_TRIED = 20  # blanks of one kind in a text
LONGEST_COMMAND = 80  # characters
# A command of LaTeX or a folder before a blank, a list's tag before a subject.
_COMMAND = re.compile(r"\\(?:[A-Za-z]+(?:\[[^\]]*\])?)?\Z")
_TAG = re.compile(
    r"(?i)(?:(?:re|aw|sv|fwd?|wg): ?)*"
    r"\[(?:e-?mail|\w+-(?!(?:name|address|id|mail)\])[\w-]+)\] "
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report blanks nobody filled in, and headers that were not to be seen."""
    seen = tuple(_left(message))
    if seen and not is_report(message) and not is_answer(message):
        yield Finding(
            RULE,
            Sentence(
                "The text still holds “%(left)s”, which the sender's program was to"
                " replace or hide.",
                left=seen[0].observed,
            ),
            seen[:MOST_EVIDENCE],
        )


def _left(message: Message) -> Iterator[Evidence]:
    for text, place in sources(message):
        for pattern in [blank for sign, blank in BLANKS if sign in text]:
            met = islice(pattern.finditer(text, 0, MOST_TEXT), MOST_TRIED)
            if found := next((f for f in met if not _is_meant(text, place, f)), None):
                written = found[0].lstrip()
                spot = part_of(place, found.end() - len(written), found.end())
                yield sighting(message, spot, written, "a finished text")


def _is_meant(text: str, place: Place, found: re.Match[str]) -> bool:
    """Whether somebody wrote it so: in code, as the tag of a list or as an example."""
    start = found.start()
    if _COMMAND.search(text[max(0, start - LONGEST_COMMAND) : start]):
        return True
    tag = _TAG.match(text) if place.where is Where.HEADER else None
    return (tag is not None and start < tag.end()) or _is_spoken_of(text, found)


def _is_spoken_of(text: str, found: re.Match[str]) -> bool:
    """Whether a text is about blanks, and shows one."""
    around = (text[max(0, found.start() - 1) : found.start()], text[found.end() :][:1])
    is_quoted = all(sign and sign in _QUOTES for sign in around)
    return is_quoted or any(word in text[:MOST_TEXT].lower() for word in _SUBJECTS)
