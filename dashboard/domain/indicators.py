"""URLs, hosts, addresses and hashes: one spelling each, shown so that nobody clicks."""

import ipaddress
import re
import unicodedata
from contextlib import suppress
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from dashboard.domain.domains import MAX_HOST, ascii_host, ip_of, is_delegated
from dashboard.domain.findings import Sentence
from dashboard.domain.rulesets import table
from dashboard.domain.urls import MAX_URL, Url, split

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{0,30}):")
_WEB = re.compile(r"\bhttp(s?)(?=://)", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
_FOUR_NUMBERS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")
_HTTP = re.compile(r"\Ah(?:tt|xx)p", re.IGNORECASE)
_REFANG_HTTP = re.compile(r"\bh(?:xx|\*\*)p(s?)(?=\[?:)", re.IGNORECASE)
_REFANG_MARKS = re.compile(
    r"\[(\.|:|@|/|://)\]|[({](\.|:|@)[)}]| ?[\[({](dot|at)[\])}] ?",
    re.IGNORECASE,
)
_WORDS = {"dot": ".", "at": "@"}
# Characters that change how text around them reads, or cannot be seen at all.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
# Where some of them belong to the spelling: joiners behind letters of scripts that
# join (Persian, Hindi) or inside an emoji, and the sign that a symbol is an emoji.
_JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_AT_HOME = {
    "\u200c": _JOINED,
    "\u200d": _JOINED,
    "\ufe0e": frozenset({"So", "Sm", "Po", "Nd"}),
    "\ufe0f": frozenset({"So", "Sm", "Po", "Nd"}),
}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}")
_HEX = re.compile(r"[0-9a-f]+")
_ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
_ESCAPES_NEEDED = re.compile(r"[\s\x00-\x1f\x7f\"<>^`{|}]|[^\x00-\x7f]")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PREFIX = re.compile(r"(?:mailto|md5|sha-?1|sha-?256):\s*", re.IGNORECASE)


class Kind(StrEnum):
    """The kinds of indicators."""

    URL = "url"
    DOMAIN = "domain"
    IP = "ip"
    EMAIL = "email"
    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"


class Threat(StrEnum):
    """What an indicator stands for."""

    PHISHING = "phishing"
    MALWARE = "malware"
    SCAM = "scam"
    SPAM = "spam"
    OTHER = "other"
    UNRATED = "unrated"  # met in a message; nobody has said what it is


# The source of what analyses met. It is an observation and no verdict.
OBSERVED: Final = "analysis"

HASHES: Final = {Kind.SHA256: 64, Kind.SHA1: 40, Kind.MD5: 32}


class NotAnIndicator(ValueError):
    """The text is no indicator of that kind; the message says what one looks like."""


def normalised(kind: Kind, text: str) -> str:
    """The one spelling of an indicator; raise `NotAnIndicator` for anything else.

    Fanged or not, in whatever case: what leads to the same place is the same.
    """
    plain = _PREFIX.sub("", refang(text[: 2 * MAX_URL]), count=1).strip()
    if kind in HASHES:
        return _hash(kind, plain)
    return _READERS[kind](plain)


def kind_of(text: str) -> Kind:
    """What an indicator is by its form; raise `NotAnIndicator` if it is none."""
    kinds: list[Kind] = [*HASHES, Kind.IP, Kind.EMAIL, Kind.DOMAIN]
    for kind in [*kinds, Kind.URL] if "/" in text else kinds:
        with suppress(NotAnIndicator):
            normalised(kind, text)
            return kind
    raise NotAnIndicator(Sentence("It is no URL, domain, address or hash."))


def key_of(kind: str, value: str) -> str:
    """What an indicator is known by: its kind and its one spelling."""
    return f"{kind}:{value}"


def fanged(kind: str, value: str) -> str:
    """A normalised indicator as it is shown."""
    if kind == Kind.URL:
        return shown(value)
    return value if kind in HASHES or ":" in value else defang(value)


def _hash(kind: Kind, text: str) -> str:
    plain = text.lower()
    if len(plain) != HASHES[kind] or not _HEX.fullmatch(plain):
        digits = HASHES[kind]
        raise NotAnIndicator(
            Sentence("That hash has %(number)s hexadecimal digits.", number=digits)
        )
    return plain


def _domain(text: str) -> str:
    name = ascii_host(text.removeprefix("*."))
    labels = name.split(".")
    is_name = len(labels) > 1 and len(name) <= MAX_HOST and not ip_of(name)
    if not is_name or not all(map(_LABEL.fullmatch, labels)):
        raise NotAnIndicator(Sentence("A domain looks like portal.example.com."))
    return name


def _ip(text: str) -> str:
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        known = "" if ":" in text or "." not in text else ip_of(text)
        if not known:
            raise NotAnIndicator(
                Sentence("An IP address looks like 192.0.2.1.")
            ) from None
        return known
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def _email(text: str) -> str:
    local, _at, domain = text.strip("<>").rpartition("@")
    if not _LOCAL.fullmatch(local) or not local.isprintable():
        raise NotAnIndicator(Sentence("A mail address looks like desk@example.com."))
    return f"{local.lower()}@{_domain(domain)}"


def _url(text: str) -> str:
    found = split(text if _SCHEME.match(text) else f"http://{text}")
    is_web = found.scheme in {"http", "https", "ftp"}
    if not is_web or not found.host or len(text) > MAX_URL or " " in found.host:
        raise NotAnIndicator(Sentence("A URL looks like https://example.com/path."))
    if not ip_of(found.host):
        _domain(found.host)
    host = f"[{found.host}]" if ":" in found.host else found.host
    port = f":{found.port}" if found.has_odd_port else ""
    query = f"?{_escaped(found.query)}" if found.query else ""
    return f"{found.scheme}://{host}{port}{_path(found)}{query}"


def _path(url: Url) -> str:
    """The path with its dots resolved, as a browser would ask for it."""
    kept: list[str] = []
    pieces = _escaped(url.path.replace("\\", "/")).split("/")[1:]
    for piece in pieces:
        if piece == "..":
            kept = kept[:-1]
        elif piece != ".":
            kept.append(piece)
    is_folder = bool(pieces) and pieces[-1] in (".", "..")
    return "/" + "/".join([*kept, ""] if is_folder and kept else kept)


def _escaped(text: str) -> str:
    """Escapes where they are needed and nowhere else (RFC 3986, section 6.2.2)."""
    needed = _ESCAPES_NEEDED.sub(_escape_bytes, text)
    return _ESCAPED.sub(_least, needed)


def _escape_bytes(found: re.Match[str]) -> str:
    encoded = found[0].encode("utf-8", "replace")
    return "".join(f"%{byte:02X}" for byte in encoded)


def _least(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in _PLAIN else found[0].upper()


_READERS: Final = {
    Kind.URL: _url,
    Kind.DOMAIN: _domain,
    Kind.IP: _ip,
    Kind.EMAIL: _email,
}


def defang(text: str) -> str:
    """A URL, host or mail address that no program turns into a link."""
    found = _SCHEME.match(text)
    if not found:
        return _break_host(text)
    scheme = found[1]
    if not _HTTP.match(scheme):
        rest = text[found.end() :]
        if rest.startswith("//"):
            return f"{scheme}[:]{_break_host(rest)}"
        return f"{scheme}[:]{rest}"
    scheme = _HTTP.sub("hxxp", scheme)
    return f"{scheme}:{_break_host(text[found.end() :])}"


def _break_host(text: str) -> str:
    """Bracket the last dot of the authority."""
    start = len(text) - len(text.lstrip("/\\"))
    ends = (text.find(mark, start) for mark in "/\\?#")
    end = min((at for at in ends if at >= 0), default=len(text))
    dot = text.rfind(".", start, end)
    return text if dot < 0 else f"{text[:dot]}[.]{text[dot + 1 :]}"


def spoken(sentence: str) -> str:
    """A sentence whose hosts, URLs and mail addresses no program turns into links."""
    plain = _WEB.sub(r"hxxp\1", sentence) if "://" in sentence else sentence
    if "." not in plain.rstrip("."):
        return plain
    return " ".join([_unlinked_in(word) for word in plain.split(" ")])


def _unlinked_in(word: str) -> str:
    if "." not in word.rstrip("."):
        return word
    return _DOTTED.sub(lambda found: _unlinked(found[0]), word)


@lru_cache(maxsize=8192)
def _unlinked(word: str) -> str:
    """A word with dots in it, defanged unless it can be nothing but a file's name."""
    ending = word.rpartition(".")[2].lower()
    if ending.isdecimal():
        is_name = _FOUR_NUMBERS.match(word) is not None
    elif ending in _file_endings():
        is_name = is_delegated(word)
    else:
        is_name = len(ending) > 1
    return word.replace(".", "[.]") if is_name else word


@cache
def _file_endings() -> frozenset[str]:
    lists = table("files")
    kinds = ("executable", "disk-images", "archives", "macro-documents", "pages")
    return frozenset(e for kind in (*kinds, "documents") for e in lists[kind])


def refang(text: str) -> str:
    """The plain form of a defanged indicator."""
    plain = _REFANG_MARKS.sub(_unbracket, text.strip())
    return _REFANG_HTTP.sub(r"http\1", plain)


def _unbracket(found: re.Match[str]) -> str:
    mark = found[1] or found[2]
    return mark or _WORDS[found[3].lower()]


def reveal(text: str) -> str:
    """Text in which invisible and direction-changing characters are written out."""
    if text.isascii() and not _CONTROLS.search(text):
        return text
    return _CONTROLS.sub(_escape, _UNSEEN.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    at = found.start()
    before = found.string[at - 1 : at]  # empty at the beginning
    if before and unicodedata.category(before) in _AT_HOME.get(found[0], ()):
        return found[0]
    return f"[U+{ord(found[0]):04X}]"


def shown(url: str) -> str:
    """A URL as an analyst reads it: defanged, its host in punycode, nothing hidden."""
    host = split(url).host
    return reveal(defang(_with_host(url, host) if host else url))


def _with_host(url: str, host: str) -> str:
    """The URL with the host as resolved, where it is written in other letters."""
    if url.isascii():
        return url
    found = split(url)
    before = f"{found.scheme}://" if found.scheme else "//"
    user = f"{found.userinfo}@" if found.userinfo else ""
    port = "" if found.port is None else f":{found.port}"
    query = f"?{found.query}" if found.query else ""
    fragment = f"#{found.fragment}" if found.fragment else ""
    return f"{before}{user}{host}{port}{found.path}{query}{fragment}"
