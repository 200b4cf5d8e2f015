"""Host names: who owns them, how they read, and which are addresses in disguise."""

import ipaddress
import re
import unicodedata
from encodings.idna import nameprep
from functools import lru_cache

import pydomainextractor

MAX_HOST = 253
MAX_LABEL = 63

_SUFFIXES = pydomainextractor.DomainExtractor()  # the public suffix list it ships
_DOTS = str.maketrans("。．｡", "...")
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"),
    )
)
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*\Z|[0-9]+\Z")


@lru_cache(maxsize=8192)
def organisation(host: str) -> str:
    """The domain an organisation registered: one label more than a public suffix.

    Private suffixes count as public ones, so two customers of one hosting service are
    two organisations. A bare suffix, an IP address and an empty host are themselves.
    """
    name = ascii_host(host)
    if not name or ip_of(name):
        return name
    domain, suffix = _divide(name)
    if not domain:
        return name
    return f"{domain}.{suffix}" if suffix else ".".join(name.split(".")[-2:])


@lru_cache(maxsize=8192)
def public_suffix(host: str) -> str:
    """The public suffix a host ends in; its last label when none is listed."""
    name = ascii_host(host)
    return _divide(name)[1] or name.rpartition(".")[2]


def is_delegated(host: str) -> bool:
    """Whether a host ends in a public suffix, so that its name may resolve."""
    return bool(_divide(ascii_host(host))[1])


def brand_label(host: str) -> str:
    """The label an organisation chose: `example` of `www.example.co.uk`."""
    return organisation(host).partition(".")[0]


def is_within(host: str, domain: str) -> bool:
    """Whether a host is a domain or stands below it."""
    name, home = ascii_host(host), ascii_host(domain)
    return bool(home) and (name == home or name.endswith("." + home))


def is_same_organisation(one: str, other: str) -> bool:
    """Whether two hosts were registered by one organisation."""
    home = organisation(one)
    return bool(home) and home == organisation(other)


@lru_cache(maxsize=8192)
def ascii_host(host: str) -> str:
    """Lower case, without a trailing dot, IDN labels in punycode."""
    name = host.strip().translate(_DOTS).lower().strip(".")[: 4 * MAX_HOST]
    if name.isascii():
        return name
    return ".".join(_to_ascii(label) for label in name.split("."))


@lru_cache(maxsize=8192)
def unicode_host(host: str) -> str:
    """The host as a browser may show it: punycode labels decoded."""
    if "xn--" not in host.lower():
        return host.lower()
    return ".".join(_to_unicode(label) for label in host.lower().split("."))


def is_punycode(host: str) -> bool:
    """Whether any label of the host is written in punycode or beyond ASCII."""
    return any(label.startswith("xn--") for label in ascii_host(host).split("."))


@lru_cache(maxsize=8192)
def ip_of(host: str) -> str:
    """The address a host denotes, in usual form; empty when it is a name.

    Browsers also read decimal, hexadecimal, octal and shortened numbers as IPv4
    addresses (WHATWG URL, "ends in a number").
    """
    text = host.strip().rstrip(".")
    if text.startswith("[") or ":" in text:
        return _ipv6(text.strip("[]").partition("%")[0])
    pieces = text.split(".")
    if not text or len(pieces) > 4 or not all(map(_NUMBER.match, pieces)):
        return ""
    numbers = [_number(piece) for piece in pieces]
    last, room = numbers[-1], 256 ** (5 - len(numbers))
    if any(not 0 <= number < 256 for number in numbers[:-1]) or not 0 <= last < room:
        return ""
    value = sum(n * 256 ** (3 - at) for at, n in enumerate(numbers[:-1])) + last
    return str(ipaddress.IPv4Address(value))


def is_ip_host(host: str) -> bool:
    """Whether a host is an address rather than a name."""
    return bool(ip_of(host))


def is_outside(host: str) -> bool:
    """Whether a host is more than the address of a colleague's machine."""
    if not is_ip_host(host):
        return True
    return not any(ipaddress.ip_address(host) in network for network in _INSIDE)


def _divide(name: str) -> tuple[str, str]:
    if len(name) > MAX_HOST:
        return "", ""
    try:
        found = _SUFFIXES.extract(name)
    except ValueError:
        return ".".join(name.split(".")[-2:-1]), name.rpartition(".")[2]
    return found["domain"], found["suffix"]


def _number(piece: str) -> int:
    if len(piece) > 20:
        return -1
    if piece[:2] in ("0x", "0X"):
        return int(piece[2:] or "0", 16)
    if piece.startswith("0") and piece != "0":
        return -1 if set(piece) & set("89") else int(piece, 8)
    return int(piece)


def _ipv6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return ""


def _to_ascii(label: str) -> str:
    if label.isascii():
        return label
    label = label[:MAX_LABEL]
    try:
        prepared = nameprep(label)
    except UnicodeError:
        prepared = unicodedata.normalize("NFKC", label).lower()
    if prepared.isascii():
        return prepared
    return "xn--" + prepared.encode("punycode", "replace").decode("ascii")


def _to_unicode(label: str) -> str:
    if not label.startswith("xn--") or len(label) > MAX_LABEL:
        return label
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
    return text if text.isprintable() and "." not in text else label
