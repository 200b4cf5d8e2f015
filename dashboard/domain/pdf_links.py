"""The addresses a PDF document leads to, read within bounds.

Nothing of it is drawn or run: links stand in the document's objects, as they are or
packed together (ISO 32000, 7.5.7 and 12.6.4.7).
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

MAX_BYTES: Final = 2 * 1024 * 1024  # of one document
MAX_PACKS: Final = 40  # of objects that are unpacked
MAX_UNPACKED: Final = 200_000  # bytes of each
MAX_LINKS: Final = 100
BEGIN: Final = b"%PDF-"
_HEAD: Final = 1024  # bytes in which a document says that it is one
_URI: Final = re.compile(rb"/URI\s{0,4}\(((?:[^()\\]|\\.){4,2000})\)", re.DOTALL)
_PACK: Final = re.compile(rb"/ObjStm[^>]{0,200}>>\s{0,4}stream\r?\n")
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)


def read(content: bytes) -> tuple[str, ...]:
    """Every address a document links to, once, in the order of its bytes.

    Raises nothing: what is no document, too large, sealed or broken leads nowhere.
    """
    if len(content) > MAX_BYTES or BEGIN not in content[:_HEAD]:
        return ()
    return tuple(dict.fromkeys(islice(_links(content), MAX_LINKS)))


def _links(content: bytes) -> Iterator[str]:
    for objects in (content, *_unpacked(content)):
        for found in _URI.finditer(objects):
            yield _ESCAPED.sub(rb"\1", found[1]).decode("latin-1")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What the first packs of objects hold, each up to its bound."""
    for found in islice(_PACK.finditer(content), MAX_PACKS):
        packed = memoryview(content)[found.end() :]
        try:
            yield zlib.decompressobj().decompress(packed, MAX_UNPACKED)
        except zlib.error:
            continue
