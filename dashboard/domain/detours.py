"""The address that another address carries in it, to pass its visitor on to."""

import base64
import binascii
import re
from urllib.parse import unquote

from dashboard.domain.urls import Url, split

MOST_TEXT = 4000  # characters of an address
_CODED = re.compile(r"aHR0c[A-Za-z0-9+/_-]{7,400}")  # how "http" begins in base64


def destination(url: Url) -> str:
    """The host of the first address inside another one; empty if there is none."""
    carried = unquote(f"{url.path}?{url.query}#{url.fragment}"[:MOST_TEXT])
    if coded := _CODED.search(carried):
        carried += f"&{_decoded(coded[0])}"
    for scheme in ("https://", "http://"):
        _, found, rest = carried.partition(scheme)
        if found and "." in (host := split(scheme + rest.split("&")[0]).host):
            return host
    return ""


def _decoded(text: str) -> str:
    whole = text[: len(text) // 4 * 4]
    try:
        return base64.urlsafe_b64decode(whole).decode("ascii", "replace")
    except (binascii.Error, ValueError):
        return ""
