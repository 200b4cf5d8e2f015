"""A mail whose way on is a picture: nothing for a filter to read."""

from collections.abc import Iterator
from functools import cache

import re2

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.orders import way_off
from dashboard.domain.sightings import MOST_EVIDENCE, clickable, sighting, web_links
from dashboard.domain.strangers import Led, strangers

RULE = "image-only"
LEAST_TEXT = 80  # visible characters about something that an honest mail has at least
MOST_TEXT = 3000  # characters that are read to know whether there are enough
MOST_LEAVING = 600  # characters that may stand around such words


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report pictures with a link but hardly a word, or with a code in its place."""
    image = LinkKind.IMAGE  # to name it at every link takes time
    images = [link for link in message.links if link.kind is image]
    if not images or not any(page.is_body for page in message.html):
        return
    shown = " ".join(message.visible_text[:MOST_TEXT].split())
    if len(shown) < LEAST_TEXT and _leads_on(message):
        said = Sentence(
            "The mail consists of pictures; it has only %(number)s characters of text.",
            number=len(shown),
        )
        yield Finding(RULE, said, _pictures(message, images))
    elif away := _linked_pictures(message, context, shown):
        said = Sentence(
            "The mail is a picture that leads to %(host)s; in words it says hardly"
            " more than how to get off a list.",
            host=away[0][1].host,
        )
        target = sighting(message, away[0][0].place, away[0][1].host, "text")
        yield Finding(RULE, said, (target, *_pictures(message, images)))
    elif scanned := _code(message):
        said = Sentence(
            "The mail offers no link but a code in a picture that is to be scanned."
        )
        yield Finding(RULE, said, (*scanned, *_pictures(message, images)))


def _leads_on(message: Message) -> bool:
    return any(link.kind is LinkKind.ANCHOR for link, _ in web_links(message))


def _linked_pictures(message: Message, context: Context, shown: str) -> list[Led]:
    """Links of strangers without a word, where few words stand anywhere."""
    if len(shown) > MOST_LEAVING or len(_leaving().sub(" ", shown)) >= LEAST_TEXT:
        return []
    links = strangers(message, context)
    return [led for led in links if not led[0].text.strip()]


def _code(message: Message) -> tuple[Evidence, ...]:
    """The request to scan, where there is nothing else to follow."""
    if any(True for _ in clickable(message)):
        return ()
    return phrases.evidence(message, "scan")


def _pictures(message: Message, images: list[Link]) -> tuple[Evidence, ...]:
    return tuple(
        sighting(message, link.place, "a picture", "text")
        for link in images[:MOST_EVIDENCE]
    )


@cache
def _leaving() -> "re2._Regexp":
    return re2.compile(rf"(?i).{{0,60}}{way_off()}.{{0,60}}")
