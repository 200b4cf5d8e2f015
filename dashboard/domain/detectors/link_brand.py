"""A link or button that names a well-known company and leads to somebody else."""

from collections.abc import Iterator

from dashboard.domain.brands import Brand, named_in
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)
from dashboard.domain.urls import Url

RULE = "link-brand-mismatch"
LONGEST_LABEL = 60  # characters; longer texts are prose that mentions a company


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report short link texts whose brand does not own the target."""
    speakers = homes(message, context.own_domains)
    found = [
        (link, url, brand)
        for link, url in web_links(message)
        if (brand := _borrowed(link, url))
        and organisation(url.host) not in speakers
        and not is_listed(url.host, "bulk-senders")
    ]
    if found:
        link, url, brand = found[0]
        yield Finding(
            RULE,
            f"A link named “{link.text.strip()}” leads to {url.host},"
            f" which does not belong to {brand.names[0].title()}.",
            tuple(
                sighting(message, link.text_place or link.place, url.host, brand.home)
                for link, url, brand in found[:MOST_EVIDENCE]
            ),
        )


def _borrowed(link: Link, url: Url) -> Brand | None:
    if link.kind is not LinkKind.ANCHOR or len(link.text) > LONGEST_LABEL:
        return None
    named = named_in(link.text)
    if not named or any(mention.brand.owns(url.host) for mention in named):
        return None
    return named[0].brand
