"""A link to a page anyone can put up in a minute under a respectable name."""

from collections.abc import Iterator

from dashboard.domain.calls import is_spoken_of
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, homes, is_listed, sighting
from dashboard.domain.surroundings import told_links

RULE = "link-user-content"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links to services that host strangers' pages and files.

    A bare address counts where words ask for it to be followed: discussions name many.
    """
    speakers = homes(message, context.own_domains)
    found = [
        (link, url)
        for link, url in told_links(message)
        if is_listed(url.host, "user-content")
        and organisation(url.host) not in speakers
        and (link.kind is not LinkKind.TEXT or is_spoken_of(message, link))
    ]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "A link leads to %(host)s, where anyone can put up a page.",
                host=found[0][1].host,
            ),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
