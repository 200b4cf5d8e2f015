"""The addresses a PDF document leads to, read within bounds.

Nothing of it is drawn or run: links stand in the document's objects, as they are or
packed together (ISO 32000, 7.5.7 and 12.6.4.7).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

MAX_BYTES: Final = 2 * 1024 * 1024  # of one document
MAX_UNPACKED: Final = 200_000  # bytes of each pack of objects
MAX_LINKS: Final = 100
BEGIN: Final = b"%PDF-"
_HEAD: Final = 1024  # bytes in which a document says that it is one
_LONGEST: Final = 2000  # bytes of an address
_INNER: Final = rb"\((?:[^()\\]++|\\.)*+\)"
_WRITTEN: Final = re.compile(
    rb"\s{0,4}\(((?:[^()\\]++|\\.|" + _INNER + rb")++)\)"
    rb"|\s{0,4}<([0-9A-Fa-f\s]++)>",
    re.DOTALL,
)
_STREAM: Final = re.compile(rb"[^>]{0,200}+>>\s{0,4}stream\r?\n")
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)


@dataclass(slots=True)
class Budget:
    """What is left to be looked at, for all documents of one message."""

    signs: int = 4000  # of a link
    packs: int = 80
    unpacked: int = 2 * 1024 * 1024  # bytes


def read(content: bytes, budget: Budget | None = None) -> tuple[str, ...]:
    """Every address a document links to, once, in the order of its bytes.

    Raises nothing: what is no document, too large, sealed or broken leads nowhere.
    """
    if len(content) > MAX_BYTES or BEGIN not in content[:_HEAD]:
        return ()
    found = _links(content, budget or Budget())
    return tuple(dict.fromkeys(islice(found, MAX_LINKS)))


def _links(content: bytes, budget: Budget) -> Iterator[str]:
    yield from _written(content, budget)
    for objects in _unpacked(content, budget):
        yield from _written(objects, budget)


def _written(objects: bytes, budget: Budget) -> Iterator[str]:
    """The addresses written in parentheses or as hexadecimal digits."""
    for at in _after(objects, b"/URI"):
        if budget.signs <= 0:
            return
        budget.signs -= 1
        if found := _WRITTEN.match(objects, at, at + _LONGEST):
            plain, digits = found.groups()
            link = _ESCAPED.sub(rb"\1", plain) if plain else _from_digits(digits)
            yield link.decode("latin-1")


def _from_digits(digits: bytes) -> bytes:
    bare = b"".join(digits.split()).decode("ascii")
    return bytes.fromhex(bare + "0" * (len(bare) % 2))


def _unpacked(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What the packs of objects hold, each up to its bound."""
    for at in _after(content, b"/ObjStm"):
        most = min(MAX_UNPACKED, budget.unpacked)
        if budget.packs <= 0 or most <= 0:
            return
        budget.packs -= 1
        if begun := _STREAM.match(content, at):
            packed = content[begun.end() : begun.end() + MAX_UNPACKED]
            try:
                objects = zlib.decompressobj().decompress(packed, most)
            except zlib.error:
                continue
            budget.unpacked -= len(objects)
            yield objects


def _after(content: bytes, sign: bytes) -> Iterator[int]:
    """Where each sign ends."""
    at = content.find(sign)
    while at >= 0:
        yield at + len(sign)
        at = content.find(sign, at + len(sign))
