"""What a message says of where it comes from and leads to, as indicators."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.domains import ip_of, is_within, organisation
from dashboard.domain.findings import Place, Where
from dashboard.domain.indicators import Kind, NotAnIndicator, key_of, normalised
from dashboard.domain.message import Address, Message
from dashboard.domain.remembering import remembered
from dashboard.domain.sightings import is_freemail, is_listed, web_links

MOST: Final = 50  # indicators one message yields
MOST_LOOKED_UP: Final = 200
SENT: Final = ("from", "reply-to", "return-path")

# Lists of hosts that many strangers share: the host alone says nothing.
SHARED: Final = ("freemail", "shorteners", "user-content", "redirect-hosts")
KNOWN_PLACES: Final = ("common-places", "bulk-senders", "meeting-places")


class Observable(NamedTuple):
    """One value of a message that an indicator may name, and where it stands."""

    kind: Kind
    value: str  # normalised
    where: str  # "from", "reply-to", "return-path", "link" or "attachment"
    place: Place

    @property
    def key(self) -> str:
        """What it is known by, whoever met it."""
        return key_of(self.kind, self.value)


@remembered
def observables(message: Message) -> tuple[Observable, ...]:
    """Every value of a message that could be known, each once with its first place."""
    found: dict[tuple[str, str], Observable] = {}
    for seen in (*_addresses(message), *_files(message), *_links(message)):
        found.setdefault((seen.key, seen.where), seen)
    return tuple(islice(found.values(), MOST_LOOKED_UP))


def yielded(message: Message, context: Context) -> tuple[Observable, ...]:
    """What is worth remembering of a message that was judged dangerous.

    Places that many people share, brands and one's own domains are left out: that a
    deceiver names them says nothing about them.
    """
    told = (seen for seen in observables(message) if _tells(seen, context))
    return tuple(islice(told, MOST))


def _tells(seen: Observable, context: Context) -> bool:
    if seen.kind is Kind.SHA256:
        return True
    if seen.where == "return-path":
        return False
    host = _host(seen)
    if any(is_within(host, own) for own in context.own_domains):
        return False
    if seen.kind is Kind.DOMAIN:
        return _is_own_place(host, context)
    if seen.kind is Kind.EMAIL:
        return is_freemail(host) or _is_own_place(host, context)
    is_shared = any(is_listed(host, name) for name in SHARED[1:])
    return is_shared or _is_own_place(host, context)


def _is_own_place(host: str, context: Context) -> bool:
    """Whether a host belongs to somebody who is neither everybody nor a brand."""
    is_listed_there = any(is_listed(host, name) for name in (*SHARED, *KNOWN_PLACES))
    return not is_listed_there and owner_of(host, context.protected) is None


def _host(seen: Observable) -> str:
    if seen.kind is Kind.EMAIL:
        return seen.value.rpartition("@")[2]
    if seen.kind is Kind.URL:
        return seen.value.partition("://")[2].partition("/")[0]
    return seen.value


def _addresses(message: Message) -> Iterator[Observable]:
    said = (
        ("from", (message.sender, *message.senders)),
        ("reply-to", message.reply_to),
        ("return-path", (message.return_path,)),
    )
    for where, addresses in said:
        for address in addresses[:10]:
            yield from _address(address, where)


def _address(address: Address, where: str) -> Iterator[Observable]:
    if address.place is None:
        return
    yield from _read(Kind.EMAIL, address.mailbox, where, address.place)
    yield from _hosts(address.domain, where, address.place)


def _files(message: Message) -> Iterator[Observable]:
    for attachment in message.attachments[:MOST]:
        place = Place(Where.FILE, part=attachment.part, name="name")
        yield Observable(Kind.SHA256, attachment.sha256, "attachment", place)


def _links(message: Message) -> Iterator[Observable]:
    """Hosts first: what leads to one place a hundred times is one place."""
    for link, url in web_links(message):
        yield from _hosts(url.host, "link", link.place)
    for link, url in web_links(message):
        if url.scheme:
            yield from _read(Kind.URL, link.target, "link", link.place)


def _hosts(host: str, where: str, place: Place) -> Iterator[Observable]:
    """An address, or a name and those above it down to what was registered."""
    if ip_of(host):
        yield from _read(Kind.IP, host, where, place)
        return
    home = organisation(host)
    while host and home and is_within(host, home):
        yield from _read(Kind.DOMAIN, host, where, place)
        if host == home:
            return
        host = host.partition(".")[2]


def _read(kind: Kind, text: str, where: str, place: Place) -> Iterator[Observable]:
    try:
        value = normalised(kind, text)
    except NotAnIndicator:
        return
    yield Observable(kind, value, where, place)
