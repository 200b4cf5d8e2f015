"""A mail that is a picture: nothing for a filter to read, one thing to click."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting, web_links

RULE = "image-only"
LEAST_TEXT = 80  # visible characters an honest mail has at least


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report HTML mail with pictures and a link but hardly a word."""
    pages = [page for page in message.html if page.is_body]
    images = [link for link in message.links if link.kind is LinkKind.IMAGE]
    if not pages or not images:
        return
    shown = " ".join(message.visible_text.split())
    if len(shown) >= LEAST_TEXT:
        return
    if any(link.kind is LinkKind.ANCHOR for link, _ in web_links(message)):
        yield Finding(
            RULE,
            f"The mail consists of pictures; it has only {len(shown)}"
            " characters of text.",
            tuple(
                sighting(message, link.place, "a picture", "text")
                for link in images[:MOST_EVIDENCE]
            ),
        )
