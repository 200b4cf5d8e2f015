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
_REFERRED: Final = re.compile(rb"\s{1,4}(\d{1,7}) (\d{1,5}) R\b")
_NAMED: Final = re.compile(
    rb"#(55|52|49)"
)  # the letters of URI, as names may have them
_HIDDEN: Final = re.compile(rb"/U?R?#(?:55|52|49)")
_STREAM: Final = re.compile(rb"stream\r?\n")
_DICTIONARY: Final = 600  # bytes of what describes a pack
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_OCTAL: Final = b"01234567"
_LETTERS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(slots=True)
class Budget:
    """What is left to be looked at, for all documents of one message."""

    signs: int = 4000  # of a link
    packs: int = 80
    unpacked: int = 2 * 1024 * 1024  # bytes
    references: int = 20  # to strings that stand elsewhere


def is_sealed(content: bytes) -> bool:
    """Whether a document is encrypted, so that its links cannot be read."""
    return BEGIN in content[:_HEAD] and b"/Encrypt" in content[:MAX_BYTES]


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
    if _HIDDEN.search(objects):
        objects = _NAMED.sub(lambda code: bytes.fromhex(code[1].decode()), objects)
    for at in _after(objects, b"/URI"):
        if budget.signs <= 0:
            return
        budget.signs -= 1
        if (link := _string(objects, _place(objects, at, budget))) is not None:
            yield link


def _place(objects: bytes, at: int, budget: Budget) -> int:
    """Where the string of a link stands: at once, or as an object of its own."""
    found = _REFERRED.match(objects, at)
    if found is None or budget.references <= 0:
        return at
    budget.references -= 1
    named = re.search(rb"\b%s %s obj\b" % found.groups(), objects)
    return named.end() if named else at


def _string(objects: bytes, at: int) -> str | None:
    """The string that stands there, if one does (ISO 32000, 7.3.4)."""
    found = _WRITTEN.match(objects, at, at + _LONGEST)
    if found is None:
        return None
    plain, digits = found.groups()
    told = _ESCAPED.sub(_meant, plain) if plain else _from_digits(digits)
    return told.decode(
        "utf-16" if told.startswith(b"\xfe\xff") else "latin-1", "replace"
    )


def _meant(escape: re.Match[bytes]) -> bytes:
    """What an escape stands for; an octal code above a byte loses its high bit."""
    sign = escape[1]
    if sign[0] in _OCTAL:
        return bytes([int(sign, 8) & 0xFF])
    return b"" if sign in (b"\n", b"\r", b"\r\n") else _LETTERS.get(sign, sign)


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
        if begun := _STREAM.search(content, at, at + _DICTIONARY):
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
