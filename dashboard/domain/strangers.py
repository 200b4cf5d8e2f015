"""Links that lead to somebody the sender has nothing to do with."""

from bisect import bisect_left
from functools import lru_cache

from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.remembering import remembered
from dashboard.domain.sightings import homes, is_listed
from dashboard.domain.surroundings import told_links
from dashboard.domain.urls import Url

# To name them at every link takes time.
_ANCHOR, _IMAGE = LinkKind.ANCHOR, LinkKind.IMAGE
_FOLLOWED = frozenset({LinkKind.ANCHOR, LinkKind.FORM, LinkKind.TEXT, LinkKind.QR})

Led = tuple[Link, Url]


@remembered
def followed(message: Message) -> tuple[Led, ...]:
    """The links a reader may act behind; what any mail may hold is left out."""
    return tuple(
        (link, url)
        for link, url in told_links(message)
        if link.kind in _FOLLOWED
        and not _is_passing(url.host)
        and not is_empty(message, link)
    )


def is_empty(message: Message, link: Link) -> bool:
    """Whether there is nothing to press: neither a word nor a picture."""
    if link.kind is not _ANCHOR or _shows(link.text):
        return False
    path = link.place.path
    if path.rpartition("/")[2].startswith("area["):  # its picture stands elsewhere
        return False
    pictures = _pictures(message)
    at = bisect_left(pictures, (link.place.part, path))
    part, found = pictures[at] if at < len(pictures) else ("", "")
    return part != link.place.part or not found.startswith(path)


@remembered
def strangers(message: Message, context: Context) -> tuple[Led, ...]:
    """Those that do not lead to the sender, to us or to the sender's company.

    A mail without a sender has none: nobody is a stranger to nobody.
    """
    links = followed(message) if message.sender.domain else ()
    if not links:
        return ()
    speakers = homes(message, context.own_domains)
    brand = owner_of(message.sender.domain, context.protected)
    away = {
        host
        for host in {url.host for _, url in links}
        if organisation(host) not in speakers
        and not (brand is not None and brand.owns(host))
    }
    return tuple((link, url) for link, url in links if url.host in away)


@remembered
def _pictures(message: Message) -> list[tuple[str, str]]:
    """Part and path of every picture, in an order that can be searched."""
    places = (link.place for link in message.links if link.kind is _IMAGE)
    return sorted((place.part, place.path) for place in places)


def _shows(text: str) -> bool:
    return any(char.isprintable() and not char.isspace() for char in text)


@lru_cache(maxsize=8192)
def _is_passing(host: str) -> bool:
    """Whether any mail may lead there; a page that anyone can put up is none such."""
    is_usual = is_listed(host, "common-places") or is_listed(host, "bulk-senders")
    return is_usual and not is_listed(host, "user-content")
