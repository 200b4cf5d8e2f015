"""A link to a respectable host that passes the reader on to another."""

from collections.abc import Iterator
from urllib.parse import unquote

from dashboard.domain.context import Context
from dashboard.domain.domains import brand_label, organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, is_listed, sighting, web_links
from dashboard.domain.urls import Url, split

RULE = "link-redirect"
_SEARCH = "google"  # has a host for every country


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links through well-known hosts that carry another address in them."""
    found = [
        (link, url, end)
        for link, target in web_links(message)
        if _passes_on((url := split(link.url)).host)
        and (end := _destination(url) if target.host == url.host else target.host)
        and organisation(end) != organisation(url.host)
    ]
    if found:
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


def _passes_on(host: str) -> bool:
    """Whether a host is known to, in whatever country it stands."""
    return is_listed(host, "redirect-hosts") or brand_label(host) == _SEARCH


def _destination(url: Url) -> str:
    """The host of the first address that stands inside another one."""
    carried = unquote(f"{url.path}?{url.query}#{url.fragment}"[:4000])
    for scheme in ("https://", "http://"):
        _, found, rest = carried.partition(scheme)
        if found and "." in (host := split(scheme + rest.split("&")[0]).host):
            return host
    return ""
