"""URLs, hosts and addresses shown so that nothing can be clicked or misread."""

import re
import unicodedata
from functools import cache, lru_cache

import re2

from dashboard.domain.domains import is_delegated
from dashboard.domain.rulesets import table
from dashboard.domain.urls import split

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{0,30}):")
_WEB = re.compile(r"\bhttp(s?)(?=://)", re.IGNORECASE)
_DOTTED = re2.compile(r"[\pL\pN_-]+(?:\.[\pL\pN_-]+)+")
_FOUR_NUMBERS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")
_HTTP = re.compile(r"\Ah(?:tt|xx)p", re.IGNORECASE)
_REFANG_HTTP = re.compile(r"\bh(?:xx|\*\*)p(s?)(?=\[?:)", re.IGNORECASE)
_REFANG_MARKS = re.compile(
    r"\[(\.|:|@|/|://)\]|\((\.|:|@)\)|[\[(](dot|at)[\])]", re.IGNORECASE
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
    pieces, last = [], 0
    for found in _DOTTED.finditer(plain):
        pieces += [plain[last : found.start()], _unlinked(found.group())]
        last = found.end()
    return "".join([*pieces, plain[last:]])


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
