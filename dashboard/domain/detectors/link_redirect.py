"""A link to a respectable host that passes the reader on to another."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.detours import destination
from dashboard.domain.domains import brand_label, organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.orders import is_order
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)
from dashboard.domain.strangers import Led, strangers
from dashboard.domain.urls import split

RULE = "link-redirect"
_SEARCH = "google"  # has a host for every country


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links that carry another address in them and are known to open it.

    A stranger's link need not be known for it where it calls its reader there.
    """
    found = [
        (link, url, end)
        for link, target in web_links(message)
        if _passes_on((url := split(link.url)).host)
        and (end := destination(url) if target.host == url.host else target.host)
        and organisation(end) != organisation(url.host)
    ]
    if found := found or _called(message, context):
        _, url, end = found[0]
        yield Finding(
            RULE,
            Sentence(
                "A link seems to lead to %(host)s but passes on to %(end)s.",
                host=url.host,
                end=end,
            ),
            tuple(
                sighting(message, link.place, end, url.host)
                for link, url, end in found[:MOST_EVIDENCE]
            ),
        )


def _called(message: Message, context: Context) -> list[tuple[*Led, str]]:
    """Strangers' links that call, and carry the address of yet another one."""
    speakers = homes(message, context.own_domains)
    return [
        (link, url, end)
        for link, url in strangers(message, context)
        if is_order(link.text)
        and (end := destination(url))
        and organisation(end) not in {organisation(url.host), *speakers}
        and not is_listed(end, "common-places")
    ]


def _passes_on(host: str) -> bool:
    """Whether a host is known to, in whatever country it stands."""
    return is_listed(host, "redirect-hosts") or brand_label(host) == _SEARCH
