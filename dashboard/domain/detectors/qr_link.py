"""A link that hides in a picture, where a telephone follows it and no filter reads."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, homes, sighting, web_links

RULE = "qr-link"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report codes that lead where neither the sender is nor any written link goes."""
    if not any(link.kind is LinkKind.QR for link in message.links):
        return
    links = [
        (link, url, organisation(url.host))
        for link, url in web_links(message)
        if link.kind is not LinkKind.IMAGE
    ]
    known = homes(message, context.own_domains) | {
        home for link, _url, home in links if link.kind is not LinkKind.QR
    }
    found = [
        (link, url)
        for link, url, home in links
        if link.kind is LinkKind.QR and home not in known
    ]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "A QR code leads to %(host)s; no written link goes there.",
                host=found[0][1].host,
            ),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
