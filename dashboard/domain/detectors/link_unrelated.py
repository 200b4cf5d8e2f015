"""A mail with a single way out, to a place its sender has nothing to do with."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host, organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_freemail,
    is_listed,
    sighting,
    web_links,
)
from dashboard.domain.surroundings import is_answer

RULE = "link-unrelated-single"
_PRESSED = frozenset({LinkKind.ANCHOR, LinkKind.FORM})
_AWAY = Sentence("Every link leads to %(host)s, which is not %(sender)s.")
_NOBODYS = Sentence(
    "Every link leads to %(host)s, and the mail names no sender it could belong to."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links that all lead to one organisation that is not the sender's."""
    links = [
        (link, url)
        for link, url in web_links(message)
        if link.kind in _PRESSED and not is_listed(url.host, "common-places")
    ]
    ends = {organisation(url.host) for _, url in links}
    speakers = homes(message, context.own_domains)
    if len(ends) != 1 or ends & speakers or is_freemail(message.sender.domain):
        return
    if is_answer(message):
        return
    host = links[0][1].host
    if not is_ip_host(host) and not is_listed(host, "bulk-senders"):
        told = _AWAY if message.sender.domain else _NOBODYS
        yield Finding(
            RULE,
            told.filled(host=host, sender=message.sender.domain),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in links[:MOST_EVIDENCE]
            ),
        )
