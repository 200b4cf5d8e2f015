"""Whether a mail was passed on by a forwarder of ours, as our own servers tell it.

Only what the receiving server found out counts: the address the mail was handed in
from, and the name that belongs to it by DNS. How the other side called itself (HELO),
and every line below that hop, is the sender's own writing. A line is ours as long as
those above it tell of hops inside our house.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from dashboard.domain.domains import is_within
from dashboard.domain.message import Header

MOST_HOPS = 30
MOST_TEXT = 1000  # characters of one line
# "from HELO (name [address]) by server", as Postfix, Sendmail, Exim and Gmail write
# it; Microsoft leaves name and brackets out. What follows a name without brackets, or
# the word HELO, may be what the other side called itself: then the line says nothing.
_HANDED = re.compile(
    r"\s*from\s+(?:[^\s()\[\]]{1,255}|\[[^\s()\[\]]{1,60}\])"
    r"\s+\((?!(?:HELO|EHLO|account)\s)(?:([A-Za-z0-9._-]{1,255})\s+(?=\[))?"
    r"\[?(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]?(?:\s[^()]{0,255})?\)"
    r"\s+(?:\(.{0,600}?\)\s+)?by\s+([^\s();]{1,255})",  # what is told of TLS
    re.IGNORECASE | re.DOTALL,
)
# A hop that no network was crossed for.
_LOCAL = re.compile(
    r"\s*(?:from\s+[^\s()]{1,255}\s+by\s+([^\s();]{1,255})"
    r"\s+(?:\([^()]{0,255}\)\s+)?with\s+LMTPS?\b|by\s+([^\s();]{1,255}))",
    re.IGNORECASE,
)
_INSIDE = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"),
        *("169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Handover(NamedTuple):
    """Who handed a mail to us: the name found for the address, and the address."""

    name: str
    address: Address


def is_through(
    received: Iterable[Header],
    forwarders: tuple[str, ...],
    is_ours: Callable[[str], bool],
) -> bool:
    """Whether the mail was handed to us by one of these hosts or networks.

    Given the Received lines, last one first, and which servers are ours.
    """
    by = handover(received, is_ours)
    return by is not None and any(_is(by, each) for each in forwarders)


def handover(
    received: Iterable[Header], is_ours: Callable[[str], bool]
) -> Handover | None:
    """Who handed the mail to the first server of ours, if that server tells."""
    for header in list(received)[:MOST_HOPS]:
        line = header.value[:MOST_TEXT]
        if _is_local(line, is_ours):
            continue
        found = _HANDED.match(line)
        address = _address(found[2]) if found else None
        if found is None or address is None or not is_ours(found[3].lower()):
            return None
        name = (found[1] or "").lower().rstrip(".")
        if not _is_inside(address) and not (name and is_ours(name)):
            return Handover(name, address)
    return None


def _is_local(line: str, is_ours: Callable[[str], bool]) -> bool:
    found = _LOCAL.match(line)
    return found is not None and is_ours((found[1] or found[2]).lower())


def _is_inside(address: Address) -> bool:
    return any(
        address.version == place.version and address in place for place in _INSIDE
    )


def network(text: str) -> Network | None:
    """An address or a network, or None for what is neither."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _is(by: Handover, forwarder: str) -> bool:
    place = network(forwarder)
    if place is None:
        return is_within(by.name, forwarder)
    return place.version == by.address.version and by.address in place


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
