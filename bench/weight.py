"""How many bytes a browser loads for a page, compressed as a proxy would."""

import gzip
import re
from collections.abc import Callable
from html import unescape
from typing import Final

BUDGET_FIRST, BUDGET_LATER = 120_000, 15_000

STATIC: Final = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
INSIDE: Final = re.compile(rb"url\((?:\"|')?(?!data:)([^\"')#]+)")


def packed(body: bytes) -> int:
    """The size of a body after compression."""
    return len(gzip.compress(body, 6))


def first_page(body: bytes, get: Callable[[str], bytes]) -> int:
    """The size of a page with every file it names, and every one those name."""
    return packed(body) + sum(packed(get(name)) for name in files(body, get))


def files(body: bytes, get: Callable[[str], bytes]) -> list[str]:
    """The addresses of the files a page needs: styles, scripts, icons, pictures."""
    named = {unescape(found.decode()) for found in STATIC.findall(body)}
    inside = set()
    for name in sorted(named):
        if ".css" in name:
            folder = name.partition("?")[0].rpartition("/")[0]
            for found in INSIDE.findall(get(name)):
                address = found.decode()
                inside.add(address if address[0] == "/" else f"{folder}/{address}")
    return sorted(named | inside)
