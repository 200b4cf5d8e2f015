"""The forms in which a signature sees headers and body (RFC 6376, 3.4)."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_BREAKS = re.compile(rb"\r?\n")
_BLANKS = bytes.maketrans(b"\t", b" ")


def simple_header(field: bytes) -> bytes:
    """A header as it stands."""
    return _BREAKS.sub(b"\r\n", field.rstrip(b"\r\n")) + b"\r\n"


def relaxed_header(field: bytes) -> bytes:
    """A header on one line, its name in lower case, its white space narrowed."""
    name, _, value = field.partition(b":")
    line = _narrowed(_BREAKS.sub(b"", value)).strip(b" \r\n")
    return name.strip(b" \t").lower() + b":" + line + b"\r\n"


def simple_body(body: bytes) -> bytes:
    """A body as it stands, the empty lines at its end made one line break."""
    return _lines(body).rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """A body without white space at the end of lines, and narrowed elsewhere."""
    text = _narrowed(_lines(body) + b"\n").replace(b" \n", b"\n").rstrip(b"\n")
    return text.replace(b"\n", b"\r\n") + b"\r\n" if text else b""


def _narrowed(text: bytes) -> bytes:
    """One space for each run of white space; each round halves what is longer."""
    spaced = text.translate(_BLANKS)
    while b"  " in spaced:
        spaced = spaced.replace(b"  ", b" ")
    return spaced


def _lines(body: bytes) -> bytes:
    return body.replace(b"\r\n", b"\n")


Form = Callable[[bytes], bytes]
HEADERS: Final[Mapping[str, Form]] = {
    "simple": simple_header,
    "relaxed": relaxed_header,
}
BODIES: Final[Mapping[str, Form]] = {"simple": simple_body, "relaxed": relaxed_body}
