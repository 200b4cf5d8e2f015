"""What a server wrote into Authentication-Results (RFC 8601), item by item."""

import re
from functools import lru_cache
from typing import NamedTuple

MOST_TEXT = 8000  # characters of one header
MOST_NESTED = 3  # comments in comments that are blanked out at once
_MARKS = re.compile(r'\\.|[()"]', re.DOTALL)
_COMMENT = re.compile(r'\([^()"\\]*\)')  # the usual one, without any inside
_QUOTED = str.maketrans("; =", "___")
METHODS = frozenset({"spf", "dkim", "dmarc", "arc"})


class Result(NamedTuple):
    """One method's result, and where in the header's value it stands."""

    method: str
    value: str
    start: int
    end: int
    properties: dict[str, str]  # "header.from": domain

    def domain(self, *names: str) -> str:
        """The domain of the first of these properties that is given."""
        for name in names:
            if name in self.properties:
                told = self.properties[name]
                return told.rpartition("@")[2].lower().strip("<>. ")
        return ""


@lru_cache(maxsize=256)
def parse(value: str) -> tuple[str, tuple[Result, ...]]:
    """Split a header into the server that speaks and its results.

    A header whose first item already is a result names no server.
    """
    text = bare(value[:MOST_TEXT])
    items, start = [], 0
    for chunk in text.split(";"):
        items.append((start, chunk))
        start += len(chunk) + 1
    first = items[0][1].split()
    names_server = bool(first) and "=" not in first[0]
    results = (_result(*item) for item in items[int(names_server) :])
    server = first[0].lower().rstrip(".") if names_server else ""
    return server, tuple(r for r in results if r is not None)


def bare(value: str) -> str:
    """Blank out comments and the syntax inside quoted strings; offsets stay."""
    plain = value
    for _ in range(MOST_NESTED):
        if not _has_marks(plain):
            return plain
        plain = _COMMENT.sub(_blank, plain)
    out: list[str] = []
    depth, is_quoted, last = 0, False, 0
    for found in _MARKS.finditer(value):
        out.append(_hidden(value[last : found.start()], depth, is_quoted))
        last, mark = found.end(), found[0]
        out.append(" " * len(mark) if depth or len(mark) == 1 else "__")
        if depth == 0 and mark == '"':
            is_quoted = not is_quoted
        elif not is_quoted and len(mark) == 1 and mark != '"':
            depth = max(0, depth + (1 if mark == "(" else -1))
    out.append(_hidden(value[last:], depth, is_quoted))
    return "".join(out)


def _blank(comment: re.Match[str]) -> str:
    return " " * len(comment[0])


def _has_marks(value: str) -> bool:
    return "(" in value or ")" in value or '"' in value or "\\" in value


def _hidden(text: str, depth: int, is_quoted: bool) -> str:
    if depth:
        return " " * len(text)
    return text.translate(_QUOTED) if is_quoted else text


def _result(offset: int, chunk: str) -> Result | None:
    words = _spaced(chunk).split()
    method, equals, value = words[0].partition("=") if words else ("", "", "")
    method = method.partition("/")[0].lower()
    if not equals or method not in METHODS:
        return None
    properties = {
        name.lower(): told
        for name, equals, told in (word.partition("=") for word in words[1:])
        if equals
    }
    start = offset + chunk.index(chunk.split()[0])
    end = offset + chunk.lower().find(value.lower(), start - offset) + len(value)
    return Result(method, value.lower(), start, end, properties)


def _spaced(chunk: str) -> str:
    """Close the gaps a server may leave around an equals sign."""
    return "=".join(piece.strip() for piece in chunk.split("="))


def tags(value: str) -> dict[str, str]:
    """The tags of a seal by name."""
    pairs = (tag.partition("=") for tag in value[:MOST_TEXT].split(";"))
    return {name.strip(): told.strip() for name, _, told in pairs}
