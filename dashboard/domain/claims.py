"""The host that the text of a link claims to lead to."""

import re2

from dashboard.domain.domains import public_suffix
from dashboard.domain.rewriters import unwrap
from dashboard.domain.rulesets import table
from dashboard.domain.urls import split

LONGEST = 300  # characters of a text that is looked at
_HOST = re2.compile(r"[\pL\pN\pM_-]+(?:\.[\pL\pN\pM_-]+)+")


def shown_host(text: str) -> str:
    """The host a link text claims to lead to, if it reads as an address."""
    words = text.strip()[:LONGEST].split()
    if len(words) != 1 or "@" in words[0]:
        return ""
    word = unwrap(words[0]).strip("<>()[]\"'.,;").lower()
    url = split(word if "://" in word else f"http://{word}")
    is_host = "." in url.host and _HOST.fullmatch(url.host) is not None
    is_address = is_host and public_suffix(url.host) != url.host
    has_sign = "://" in word or word.startswith("www.") or "/" in word
    return url.host if is_address and (has_sign or _is_common(url.host)) else ""


def _is_common(host: str) -> bool:
    # "invoice.zip" and "e.g" are words with a dot; a bare host needs a usual ending.
    ending = public_suffix(host).rpartition(".")[2]
    return (
        ending in {"com", "org", "net", "gov", "edu", "eu", "io"} or len(ending) == 2
    ) and ending not in table("files")["source-endings"]
