"""Lists of tags, as signatures, keys and policies are written (RFC 6376, 3.2)."""

import re
from collections.abc import Mapping
from typing import Final

MOST_TEXT: Final = 16_384  # characters of one list
_SPACE = re.compile(r"[ \t\r\n]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def read(text: str) -> Mapping[str, str]:
    """The tags of a list by name; nothing when it is not well formed.

    A list that gives one tag twice is refused as a whole.
    """
    found: dict[str, str] = {}
    if len(text) > MOST_TEXT:
        return found
    for piece in text.split(";"):
        name, equals, value = (part.strip(" \t\r\n") for part in piece.partition("="))
        if not name and not equals and not value:
            continue
        if not equals or name in found or not _NAME.match(name):
            return {}
        found[name] = value
    return found


def joined(value: str) -> str:
    """A value that may be folded anywhere, such as Base64, without white space."""
    return _SPACE.sub("", value)


def items(value: str) -> tuple[str, ...]:
    """The items between the colons of a value, in lower case."""
    return tuple(item for item in joined(value).lower().split(":") if item)
