"""Whether a sign-in is still used from where it was begun."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# What one household or office usually has.
PREFIXES = {4: 24, 6: 64}


class AddressPolicy(StrEnum):
    """How far a session may move."""

    STRICT = "strict"  # not at all
    NETWORK = "network"  # within its network
    OFF = "off"  # anywhere; the trail notes it


def may_move(policy: AddressPolicy, before: str, now: str) -> bool:
    """Whether a session begun or last seen at one address may go on at another."""
    if before == now or policy is AddressPolicy.OFF:
        return True
    return policy is AddressPolicy.NETWORK and _are_neighbours(before, now)


def _are_neighbours(one: str, other: str) -> bool:
    try:
        first, second = ip_address(one), ip_address(other)
    except ValueError:
        return False
    first, second = _plain(first), _plain(second)
    if first.version != second.version:
        return False
    network = ip_network((first, PREFIXES[first.version]), strict=False)
    return second in network


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
