"""An invitation that puts its link into the calendar by itself."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)

RULE = "attachment-calendar"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report invitations with links that leave the sender's organisation."""
    speakers = homes(message, context.own_domains)
    found = [
        (link, url)
        for link, url in web_links(message)
        if link.kind is LinkKind.CALENDAR
        and organisation(url.host) not in speakers
        and not is_listed(url.host, "meeting-places")
        and not is_listed(url.host, "common-places")
    ]
    if found:
        yield Finding(
            RULE,
            f"An invitation puts a link to {found[0][1].host} into the calendar.",
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
