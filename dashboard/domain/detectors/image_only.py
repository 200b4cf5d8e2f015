"""A mail whose way on is a picture: nothing for a filter to read."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, clickable, sighting, web_links

RULE = "image-only"
LEAST_TEXT = 80  # visible characters an honest mail has at least


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report pictures with a link but hardly a word, or with a code in its place."""
    pages = [page for page in message.html if page.is_body]
    images = [link for link in message.links if link.kind is LinkKind.IMAGE]
    if not pages or not images:
        return
    shown = " ".join(message.visible_text.split())
    if len(shown) < LEAST_TEXT and _leads_on(message):
        yield Finding(
            RULE,
            Sentence(
                "The mail consists of pictures; it has only %(number)s"
                " characters of text.",
                number=len(shown),
            ),
            _pictures(message, images),
        )
    elif scanned := _code(message):
        yield Finding(
            RULE,
            Sentence(
                "The mail offers no link but a code in a picture that is to be scanned."
            ),
            (*scanned, *_pictures(message, images)),
        )


def _leads_on(message: Message) -> bool:
    return any(link.kind is LinkKind.ANCHOR for link, _ in web_links(message))


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
