"""Header lines: where they stand, what they say once unfolded and decoded."""

import binascii
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from dashboard.domain.charsets import clean, codec, decode, guess
from dashboard.domain.message import Header, Headers

MAX_HEADERS = 1000
MAX_LENGTH = 65_536  # bytes of one header that are considered
MAX_PARAMETERS = 64
MAX_PIECES = 1000  # base64 texts, each with padding, written one after the other

Span = tuple[int, int]
_Found = tuple[bytes, bytes, bytes]  # a name, the colon with what is before it, a value

# A name, a colon, and a value with every continuation line (RFC 5322, 2.2).
_LINES = r"[!-9;-~]{1,1000}+[ \t]{0,100}+:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z)"
_FIRST = re.compile(f"(?:{_LINES}){{0,{MAX_HEADERS}}}+".encode())
_REST = re.compile(f"(?:{_LINES})*+".encode())
_HEADER = re.compile(
    rb"([!-9;-~]{1,1000}+)([ \t]{0,100}+:)([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)"
)
_BLANK = re.compile(rb"\r*(?:\n|\Z)")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]*)\?=")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET))
_PADDING = re.compile(rb"=+")
_PARAMETER = re.compile(
    r';\s*([^\s=;"]+)\s*=\s*("[^"\\]*(?:\\.[^"\\]*)*"|[^;]*)', re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Field(NamedTuple):
    """A header as it stands in the source, not yet decoded."""

    name: str
    key: str  # the name in lower case
    value: bytes
    line: int  # 1-based
    start: int  # offset of the name
    number: int  # among headers of the same name, from 0
    cut: bool = False  # longer than MAX_LENGTH


class Value(NamedTuple):
    """What a header says, unfolded and decoded (RFC 2047)."""

    text: str
    # Stretches that came out of encoded words: they are text and never syntax,
    # whatever characters they hold.
    words: tuple[Span, ...]
    written: str  # still folded and encoded


class Block:
    """The headers of a message or part, and where its body begins."""

    def __init__(self, found: list[_Found], start: int, line: int) -> None:
        self.where: dict[str, list[int]] = {}  # the places of the headers of a name
        self.body = start
        self.has_more = False  # than MAX_HEADERS
        self.broken_at = -1  # offset of a line that is no header and ends the block
        self.found = found
        self._start, self._line = start, line  # of the first header
        for at, (written, _, _) in enumerate(found):
            key = _name(written)[1]
            if key in self.where:
                self.where[key].append(at)
            else:
                self.where[key] = [at]

    @cached_property
    def fields(self) -> list[Field]:
        """The headers, top first."""
        return [self.field(at) for at in range(len(self.found))]

    @cached_property
    def named(self) -> dict[str, list[Field]]:
        """The headers of each name, given in lower case."""
        return {
            key: [self.field(at) for at in where] for key, where in self.where.items()
        }

    def first(self, name: str) -> str:
        """The decoded value of the first header of that name, or nothing."""
        where = self.where.get(name)
        return decode_value(self.found[where[0]][2][:MAX_LENGTH]).text if where else ""

    def field(self, at: int) -> Field:
        """One header by its place in the block."""
        written, _, value = self.found[at]
        name, key = _name(written)
        number = self.where[key].index(at)
        line, start = self._lines[at], self._starts[at]
        is_cut = len(value) > MAX_LENGTH
        return Field(name, key, value[:MAX_LENGTH], line, start, number, is_cut)

    @cached_property
    def _lines(self) -> list[int]:
        taken = (1 + value.count(b"\n") for _, _, value in self.found)
        return list(accumulate(taken, initial=self._line))

    @cached_property
    def _starts(self) -> list[int]:
        taken = (1 + len(n) + len(gap) + len(value) for n, gap, value in self.found)
        return list(accumulate(taken, initial=self._start))


def scan(raw: bytes, start: int, stop: int, *, line: int = 1) -> Block:
    """Find the headers between two offsets."""
    known = _FIRST.match(raw, start, stop)
    end = known.end() if known else start
    block = Block(_HEADER.findall(raw, start, end), start, line)
    rest = _REST.match(raw, end, stop) if len(block.found) == MAX_HEADERS else None
    if rest and rest.end() > end:
        block.has_more, end = True, rest.end()
    blank = _BLANK.match(raw, end, stop)
    block.body = blank.end() if blank else end
    block.broken_at = -1 if blank or end >= stop else end
    return block


@lru_cache(maxsize=1024)
def _name(written: bytes) -> tuple[str, str]:
    """A header's name as written, and in lower case."""
    name = written.decode("ascii")
    return name, name.lower()


class Read(Headers):
    """The headers of a message, each decoded when it is asked for."""

    __slots__ = ("_block", "_made", "_named")

    def __init__(self, block: Block) -> None:
        self._block = block
        self._made: dict[int, Header] = {}
        self._named: dict[str, tuple[Header, ...]] = {}

    def __len__(self) -> int:
        return len(self._block.found)

    def at(self, place: int) -> Header:
        header = self._made.get(place)
        if header is None:
            name, _, content, line, _, number, _ = self._block.field(place)
            value, _, written = decode_value(content)
            header = Header(name, value, number, line, written.strip("\r\n"))
            self._made[place] = header
        return header

    def named(self, key: str) -> tuple[Header, ...]:
        if key not in self._block.where:
            return ()
        if key not in self._named:
            self._named[key] = super().named(key)
        return self._named[key]

    def where(self, key: str) -> Sequence[int]:
        return self._block.where.get(key, ())


@lru_cache(maxsize=64)  # asked for by name and for the list of all
def decode_value(raw: bytes) -> Value:
    """Unfold a header and decode its encoded words."""
    written = text = guess(raw)
    if "\n" in text:
        text = " ".join([line.strip(" \t\r") for line in text.split("\n")])
    if "\r" in text:
        text = text.replace("\r", " ")
    text = text.strip()
    words: tuple[Span, ...] = ()
    if "=?" in text:
        text, words = _decode_words(text)
    return Value(text, words, written)


def _decode_words(text: str) -> tuple[str, tuple[Span, ...]]:
    out: list[str] = []
    spans: list[Span] = []
    length, last = 0, 0
    for charset, content, start, end in _runs(text):
        if gap := text[last:start]:
            out.append(gap)
        word = clean(decode(content, charset) if codec(charset) else guess(content))
        word = word.replace("\r", " ").replace("\n", " ")
        out.append(word)
        length += len(gap)
        spans.append((length, length + len(word)))
        length, last = length + len(word), end
    out.append(text[last:])
    return "".join(out), tuple(spans)


def _runs(text: str) -> list[tuple[str, bytes, int, int]]:
    """Encoded words; neighbours of one charset are joined before decoding.

    A character may be split between two words (forbidden by RFC 2047, and common).
    White space between two encoded words is not part of the text.
    """
    runs: list[tuple[str, bytes, int, int]] = []
    for found in _WORD.finditer(text):
        charset = found[1].partition("*")[0].lower()
        content = _word_bytes(found[2].lower(), found[3])
        start, end = found.span()
        if runs and not text[runs[-1][3] : start].strip():
            if runs[-1][0] == charset:
                content, start = runs[-1][1] + content, runs.pop()[2]
            else:
                start = runs[-1][3]
        runs.append((charset, content, start, end))
    return runs


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "b":
        return base64_bytes(data)
    return binascii.a2b_qp(data, header=True)


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 as leniently as mail clients do: foreign bytes are skipped."""
    data = data.translate(None, _NOT_BASE64)
    pieces = (
        _PADDING.split(data, MAX_PIECES)
        if b"=" in data.rstrip(b"=")
        else [data.rstrip(b"=")]
    )
    return b"".join(_base64_piece(piece) for piece in pieces)


def _base64_piece(piece: bytes) -> bytes:
    piece = piece.partition(b"=")[0]
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


@lru_cache(maxsize=64)
def parameters(value: str) -> Mapping[str, str]:
    """The parameters of a structured header, RFC 2231 continuations joined."""
    if ";" not in value:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count >= MAX_PARAMETERS:
            break
        name, text = found[1].lower(), _unquote(found[2])
        if "*" not in name:
            plain.setdefault(name, text)
            continue
        base, _, rest = name.partition("*")
        number = rest.rstrip("*")
        order = int(number) if number.isdecimal() and len(number) < 4 else 0
        pieces.setdefault(base, []).append(
            (order, rest.endswith("*") or not rest, text)
        )
    for base, segments in pieces.items():
        plain[base] = _extended(sorted(segments, key=lambda segment: segment[0]))
    return plain


def _unquote(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(r"\1", text[1:-1])
    return text


def _extended(segments: list[tuple[int, bool, str]]) -> str:
    """Join the pieces of one RFC 2231 parameter and decode its charset."""
    charset, data = "", b""
    for position, (_, encoded, text) in enumerate(segments):
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        plain = text.encode("utf-8", "replace")
        data += unquote_to_bytes(plain) if encoded else plain
    return decode(data, charset)
