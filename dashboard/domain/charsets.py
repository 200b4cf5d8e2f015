"""Bytes to text as a mail client reads them, whatever the sender claims."""

import re
from functools import lru_cache

REPLACEMENT = "\ufffd"
MAX_LABEL = 40

# Labels seen in mail that Python knows by another name. The two western ones follow
# the WHATWG encoding standard: what claims ISO 8859-1 is read as Windows-1252.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi_x3.4-1968": "ascii",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso8859-8",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
}
# Codecs that are no charset of mail: quadratic, or able to make lone surrogates.
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
)
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]*\Z")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


_SAFE = frozenset({"utf-8", "utf8", "cp1252"})  # none answers with a lone surrogate


def clean(text: str) -> str:
    """Replace NUL and lone surrogates, which no store and no page can hold."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSAFE.sub(REPLACEMENT, text)


@lru_cache(maxsize=256)
def codec(label: str) -> str:
    """The Python codec for a charset label; empty when no such charset exists."""
    name = label.strip(" \t\"'").lower()
    if len(name) > MAX_LABEL or not _LABEL.match(name):
        return ""
    name = _ALIASES.get(name, name)
    if name.replace("-", "_") in _REFUSED:
        return ""
    try:
        b"a".decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        return ""
    return name


def decode(content: bytes, label: str = "") -> str:
    """Decode with the labelled charset, or with the likeliest one if it fails."""
    name = codec(label) if label else ""
    if name in ("", "ascii", "us-ascii"):
        return guess(content)
    try:
        text = content.decode(name, "replace")
        return text.replace("\x00", REPLACEMENT) if name in _SAFE else clean(text)
    except (UnicodeError, ValueError):
        return guess(content)


def guess(content: bytes) -> str:
    """Decode by byte order mark, else as UTF-8, else as Windows-1252."""
    if content.isascii():
        return content.decode("ascii").replace("\x00", REPLACEMENT)
    for mark, name in _BOMS:
        if content.startswith(mark):
            return clean(content.decode(name, "replace"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", REPLACEMENT)
