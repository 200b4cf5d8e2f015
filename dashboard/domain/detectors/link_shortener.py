"""A short link that hides where it leads."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, is_listed, sighting
from dashboard.domain.surroundings import told_links

RULE = "link-shortener"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links through services that shorten addresses."""
    found = [
        (link, url)
        for link, url in told_links(message)
        if is_listed(url.host, "shorteners")
    ]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "A short link at %(host)s hides where it leads.", host=found[0][1].host
            ),
            tuple(
                sighting(message, link.place, url.host, "the real address")
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
