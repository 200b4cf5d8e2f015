"""What stands around a phrase or a link that was seen in a message."""

from collections.abc import Iterator

from dashboard.domain.findings import Evidence, Place, Where
from dashboard.domain.message import Link, Message
from dashboard.domain.phrases import sources
from dashboard.domain.remembering import remembered
from dashboard.domain.sightings import web_links
from dashboard.domain.urls import Url

_MARKS = (">", "|")  # before the lines of a mail that is answered
LONGEST_INDENT = 80  # characters before a mark


def spots(message: Message, seen: Evidence) -> Iterator[tuple[str, int]]:
    """The text a phrase was found in, and where in it."""
    return _spots(message, seen.place)


def is_quoted(message: Message, seen: Evidence) -> bool:
    """Whether a phrase stands in a line that an answer repeats."""
    return _stands_quoted(message, seen.place)


@remembered
def told_links(message: Message) -> tuple[tuple[Link, Url], ...]:
    """The links that lead to a host, but for those in lines that an answer repeats."""
    links = web_links(message)
    if not links or not _may_quote(message):
        return links
    return tuple(
        (link, url)
        for link, url in links
        if link.place.where is not Where.TEXT or not _stands_quoted(message, link.place)
    )


def before(message: Message, place: Place, length: int) -> str:
    """The last characters before a place in a text that a reader sees."""
    for text, start in _spots(message, place):
        return text[max(0, start - length) : start]
    return ""


def _may_quote(message: Message) -> bool:
    return any(mark in part.text for part in message.texts for mark in _MARKS)


def _stands_quoted(message: Message, place: Place) -> bool:
    return any(_begins_marked(text, start) for text, start in _spots(message, place))


def _begins_marked(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return text[line : min(start, line + LONGEST_INDENT)].lstrip().startswith(_MARKS)


def _spots(message: Message, spot: Place) -> Iterator[tuple[str, int]]:
    for text, whole in sources(message):
        same = (whole.where, whole.part, whole.name, whole.path)
        if same == (spot.where, spot.part, spot.name, spot.path):
            yield text, (spot.start or 0) - (whole.start or 0)
