"""Which names may be asked of DNS, so that none tells who reads a message.

Whoever sends a mail chooses the names its signatures lead to, and sees who asks for
them. So nothing is asked that holds a recipient's address, plain or encoded, or that
could be a number made for one reader.
"""

import hashlib
import re
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from dashboard.domain.domains import (
    ascii_host,
    is_delegated,
    is_ip_host,
    organisation,
    public_suffix,
)
from dashboard.domain.message import Message
from dashboard.domain.remembering import remembered

MAX_NAME: Final = 253
LONGEST: Final = 32  # characters of a label that is chosen freely
MOST_READERS: Final = 50
MOST_TURNS: Final = 5  # from letters to digits or back, in all that is chosen freely
LEAST_ENCODED: Final = 8  # characters of an encoded address that give it away
_LEAST_HELD = 4  # shorter names of readers stand in words by chance
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_HEX = re.compile(r"[0-9a-f]{16}")
_LETTERS = re.compile(r"[a-z]{20}")
_TURN = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_SQUEEZED = re.compile(r"[^a-z0-9]+")
_OUTSIDE = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]+")  # of an address
_DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,253}")
_LONGEST_LOCAL = 64
_READERS = (
    *("to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to"),
    *("x-envelope-to", "x-forwarded-to", "x-delivered-to", "resent-to", "resent-cc"),
)
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{3,320})", re.I)


def key_name(message: Message, selector: str, domain: str) -> str:
    """The name under which a key lies; "" when it is not to be asked for."""
    return _checked(message, selector, "_domainkey", domain)


def policy_names(message: Message) -> tuple[str, ...]:
    """The names under which the policy for the visible sender may lie, nearest first.

    Nothing when one of them is not to be asked for (RFC 7489, 6.6.3).
    """
    domain = ascii_host(message.sender.domain)
    homes = dict.fromkeys((domain, organisation(domain)))
    names = tuple(_checked(message, "", "_dmarc", home) for home in homes)
    return names if all(names) else ()


def _checked(message: Message, selector: str, kind: str, domain: str) -> str:
    name = ".".join(filter(None, (selector, kind, domain)))
    chosen = [label for label in selector.split(".") if selector]
    if len(name) > MAX_NAME or not _is_registered(domain):
        return ""
    if not all(_LABEL.match(label) for label in (*chosen, *domain.split("."))):
        return ""
    home = organisation(domain)
    below = domain.removesuffix(home).rstrip(".")
    chosen += [label for label in below.split(".") if label]
    own = home.removesuffix(public_suffix(domain)).rstrip(".")
    free = chosen if _is_costly(domain) else [*chosen, own]
    is_random = looks_random((*chosen, own))
    return "" if is_random or _names_reader(message, free, own) else name


def _is_registered(domain: str) -> bool:
    is_suffix = domain == public_suffix(domain)
    return (
        bool(domain) and is_delegated(domain) and not (is_suffix or is_ip_host(domain))
    )


def _is_costly(domain: str) -> bool:
    """Whether each name under this suffix is registered, rather than just made up."""
    first, dot, rest = public_suffix(domain).partition(".")
    return not dot or (len(first) <= 3 and len(rest) == 2)


def looks_random(labels: tuple[str, ...]) -> bool:
    """Whether labels could hold a number that was made for one reader."""
    if any(len(label) > LONGEST for label in labels):
        return True
    text = _SQUEEZED.sub("", "".join(labels))
    is_coded = _HEX.search(text) or any(_LETTERS.search(label) for label in labels)
    return bool(is_coded) or len(_TURN.findall(text)) > MOST_TURNS


def _names_reader(message: Message, chosen: list[str], own: str) -> bool:
    locals_, encoded = _readers(message)
    text = _SQUEEZED.sub("", "".join(chosen))
    if {*chosen, text} & locals_:
        return True
    if any(len(each) >= _LEAST_HELD and each in text for each in locals_):
        return True
    return any(each in text + " " + own for each in encoded)


@remembered
def _readers(message: Message) -> tuple[frozenset[str], frozenset[str]]:
    """The names of those a message was sent to, and what they may be written as."""
    boxes = set()
    for text in _addressed(message):
        for box in _mailboxes(text[:20_000].lower()):
            boxes.add(box)
            if len(boxes) >= MOST_READERS:
                break
    locals_ = frozenset(
        name
        for local, _ in boxes
        for name in (local, _SQUEEZED.sub("", local), local.partition("+")[0])
        if name
    )
    encoded = {code for local, domain in boxes for code in _encoded(local, domain)}
    return locals_, frozenset(encoded)


def _mailboxes(text: str) -> Iterator[tuple[str, str]]:
    """The addresses in a text, in time that grows with its length alone."""
    for word in _OUTSIDE.split(text) if "@" in text else ():
        pieces = word.split("@")
        for local, rest in pairwise(pieces):
            domain = _DOMAIN.match(rest)
            if local and domain:
                yield local[-_LONGEST_LOCAL:], domain[0]


def _addressed(message: Message) -> Iterator[str]:
    for name in _READERS:
        yield from (header.value for header in message.all(name)[:5])
    for header in message.all("received")[:30]:
        yield from (found[1] for found in _FOR.finditer(header.value[:4000]))


def _encoded(local: str, domain: str) -> Iterator[str]:
    """The beginnings of what an address turns into, in lower case as DNS compares."""
    for text in {local, f"{local}@{domain}"}:
        content = text.encode()
        for hashing in ("md5", "sha1", "sha256"):
            digest = hashlib.new(hashing, content, usedforsecurity=False).digest()
            yield from _written(digest)
        if len(content) >= _LEAST_HELD:
            yield from _written(content)
            yield _SQUEEZED.sub("", text[::-1])


def _written(content: bytes) -> Iterator[str]:
    for code in (content.hex(), b32encode(content), urlsafe_b64encode(content)):
        text = code if isinstance(code, str) else code.decode()
        plain = _SQUEEZED.sub("", text.lower())
        yield plain[:LEAST_ENCODED]
