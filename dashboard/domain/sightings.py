"""Shorthands detectors share: what they may click on, and pointing at what they saw."""

from functools import cache, lru_cache
from itertools import islice

from dashboard.domain.domains import ascii_host, organisation
from dashboard.domain.evidence import read
from dashboard.domain.findings import Evidence, Place
from dashboard.domain.message import Address, Link, LinkKind, Message
from dashboard.domain.places import in_header, in_source
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table
from dashboard.domain.urls import Url, split

MOST_EVIDENCE = 5
MOST_LINKS = 500
_WEB = frozenset({"http", "https", ""})
_CLICKED = frozenset(
    {
        *(LinkKind.ANCHOR, LinkKind.FORM, LinkKind.TEXT),
        *(LinkKind.CALENDAR, LinkKind.QR),
    }
)


def sighting(
    message: Message, place: Place, observed: str = "", expected: str = ""
) -> Evidence:
    """Point at a place; its value is what really stands there."""
    return Evidence(place, read(message, place), observed, expected)


def of_header(
    message: Message, name: str, observed: str = "", expected: str = ""
) -> tuple[Evidence, ...]:
    """Point at the first header of a name; at the whole header block without one."""
    header = message.first(name)
    if header is not None:
        return (sighting(message, in_header(header), observed, expected),)
    return (sighting(message, in_source(0, _head(message)), observed, expected),)


def of_address(
    message: Message, address: Address, observed: str = "", expected: str = ""
) -> Evidence:
    """Point at a mailbox."""
    place = address.place or in_source(0, _head(message))
    return sighting(message, place, observed or address.domain, expected)


def of_name(
    message: Message, address: Address, observed: str = "", expected: str = ""
) -> Evidence:
    """Point at the name shown beside a mailbox."""
    place = address.name_place or address.place or in_source(0, _head(message))
    return sighting(message, place, observed or address.name, expected)


@remembered
def clickable(message: Message) -> tuple[tuple[Link, Url], ...]:
    """Every link a reader can follow, taken apart as a browser would."""
    offered = (link for link in message.links if link.kind in _CLICKED)
    return tuple((link, split(link.target)) for link in islice(offered, MOST_LINKS))


@remembered
def web_links(message: Message) -> tuple[tuple[Link, Url], ...]:
    """The clickable links that lead to a host."""
    return tuple(
        (link, url)
        for link, url in clickable(message)
        if url.host and url.scheme in _WEB
    )


@remembered
def address_hosts(message: Message) -> tuple[tuple[str, Place], ...]:
    """The domains a reader would answer to, each with its place."""
    return tuple(
        (ascii_host(address.domain), address.place)
        for address in (message.sender, *message.reply_to[:MOST_EVIDENCE])
        if address.domain and address.place is not None
    )


@remembered
def link_hosts(message: Message) -> tuple[tuple[str, Place], ...]:
    """Each host a reader would be led to, once, with its first place."""
    seen: dict[str, Place] = {}
    for link, url in web_links(message):
        seen.setdefault(url.host, link.place)
    return tuple(seen.items())


@remembered
def hosts(message: Message) -> tuple[tuple[str, Place], ...]:
    """The domains a message speaks for or leads to."""
    return address_hosts(message) + link_hosts(message)


@lru_cache(maxsize=8192)
def is_listed(host: str, name: str) -> bool:
    """Whether a host is, or ends in, an entry of a list of the hosts table."""
    labels = host.lower().split(".")
    listed = _listed(name)
    return any(".".join(labels[i:]) in listed for i in range(len(labels)))


def is_freemail(domain: str) -> bool:
    """Whether anyone can open an account there."""
    return bool(domain) and is_listed(domain, "freemail")


def homes(message: Message, own_domains: tuple[str, ...] = ()) -> frozenset[str]:
    """The organisations that speak: the sender's and the reader's own."""
    return organisations((message.sender.domain, *own_domains))


@lru_cache(maxsize=4096)
def organisations(domains: tuple[str, ...]) -> frozenset[str]:
    """Who registered these domains; what is empty belongs to nobody."""
    return frozenset(organisation(domain) for domain in domains if domain)


def _head(message: Message) -> int:
    end = min(
        (at for at in map(message.raw.find, (b"\r\n\r\n", b"\n\n")) if at >= 0),
        default=len(message.raw),
    )
    return min(end, 200)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(table("hosts")[name])
