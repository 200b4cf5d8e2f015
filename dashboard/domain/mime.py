"""The tree of a message's parts, split in one pass a level, and their decoding."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.domain.charsets import clean
from dashboard.domain.findings import Sentence
from dashboard.domain.headers import Block, base64_bytes, parameters, scan
from dashboard.domain.message import Breach
from dashboard.domain.places import in_source

MAX_PARTS = 500
MAX_DEPTH = 30
MAX_BOUNDARY = 200
MAX_DELIMITERS = 20_000  # places looked at that may be a delimiter line

_SPACE = b" \t\r"


class Leaf(NamedTuple):
    """A part without children: its headers, and where its encoded body stands."""

    path: str
    block: Block
    declared: str  # the whole Content-Type header
    media_type: str
    start: int
    stop: int

    def content(self, raw: bytes) -> bytes:
        """The body with its transfer encoding undone."""
        encoding = self.block.first("content-transfer-encoding")
        return undo(raw[self.start : self.stop], encoding)


@dataclass(slots=True)
class _Node:
    path: str
    start: int
    stop: int
    depth: int
    default: str
    block: Block | None = None


def split(raw: bytes, block: Block, stop: int) -> tuple[list[Leaf], list[Breach]]:
    """The leaves of the MIME tree in order, numbered as IMAP numbers them."""
    leaves: list[Leaf] = []
    breaches: list[Breach] = []
    stack = [_Node("", block.body, stop, 0, "text/plain", block)]
    made = 1
    while stack:
        node = stack.pop()
        own = node.block or scan(raw, node.start, node.stop)
        declared = own.first("content-type")
        media_type = media_type_of(declared) or node.default
        children: list[_Node] = []
        if media_type.startswith("multipart/"):
            room = max(0, MAX_PARTS - made)
            children = _children(raw, node, own, media_type, declared, room, breaches)
        if children:
            made += len(children)
            stack.extend(reversed(children))
        else:
            kind = "text/plain" if media_type.startswith("multipart/") else media_type
            leaves.append(_leaf(node, own, declared, kind))
    return leaves, breaches


def _leaf(node: _Node, block: Block, declared: str, media_type: str) -> Leaf:
    path = node.path or "1"
    return Leaf(path, block, declared, media_type, block.body, node.stop)


def media_type_of(value: str) -> str:
    """The lower-case type of a Content-Type header; empty if it is malformed."""
    media_type = value.partition(";")[0].strip().lower()
    main, slash, sub = media_type.partition("/")
    ok = main and slash and sub and len(media_type) <= 200 and " " not in media_type
    return media_type if ok else ""


def _children(
    raw: bytes,
    node: _Node,
    block: Block,
    media_type: str,
    declared: str,
    room: int,
    breaches: list[Breach],
) -> list[_Node]:
    boundary = (
        parameters(declared).get("boundary", "").rstrip().encode("utf-8", "replace")
    )
    if node.depth >= MAX_DEPTH:
        detail = Sentence(
            "Parts are nested more than %(limit)s deep; the rest was not opened.",
            limit=MAX_DEPTH,
        )
        breaches.append(Breach("depth", detail, in_source(node.start, block.body)))
        return []
    if not boundary or len(boundary) > MAX_BOUNDARY:
        detail = Sentence(
            "A multipart part names no usable boundary, so it was read as text."
        )
        breaches.append(Breach("boundary", detail, in_source(node.start, block.body)))
        return []
    delimiter = b"--" + boundary
    spans, complete = _spans(raw, block.body, node.stop, delimiter, room)
    if not complete:
        detail = Sentence(
            "The message has more than %(limit)s parts; the rest was not read.",
            limit=MAX_PARTS,
        )
        place = in_source(node.start, block.body)
        breaches.append(Breach("parts", detail, place))
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    prefix = f"{node.path}." if node.path else ""
    return [
        _Node(f"{prefix}{number}", start, stop, node.depth + 1, default)
        for number, (start, stop) in enumerate(spans, 1)
    ]


def _spans(
    raw: bytes, start: int, stop: int, delimiter: bytes, limit: int
) -> tuple[list[tuple[int, int]], bool]:
    """Where each part between delimiter lines stands, and whether these are all."""
    spans: list[tuple[int, int]] = []
    opened, at = -1, raw.find(delimiter, start, stop)
    for _ in range(MAX_DELIMITERS):
        if at < 0 or len(spans) >= limit:
            break
        after = at + len(delimiter)
        at_line_start = at == start or raw[at - 1] == 10
        end, closes = _line_rest(raw, after, stop) if at_line_start else (-1, False)
        if end >= 0:
            if opened >= 0:
                spans.append((opened, _before_break(raw, opened, at)))
            opened = -1 if closes else end
        at = -1 if closes else raw.find(delimiter, max(after, end), stop)
    if opened >= 0 and len(spans) < limit:
        spans.append((opened, stop))
        opened = -1
    return spans, at < 0 and opened < 0


def _line_rest(raw: bytes, after: int, stop: int) -> tuple[int, bool]:
    """Where the line of a delimiter ends and whether it closes; -1 if it is none."""
    end = raw.find(b"\n", after, stop)
    end = stop if end < 0 else end + 1
    closes = raw.startswith(b"--", after, stop)
    rest = raw[after + 2 if closes else after : min(end, after + 200)]
    if rest.strip(_SPACE + b"\n"):
        return -1, False
    return end, closes


def _before_break(raw: bytes, opened: int, at: int) -> int:
    """The line break before a delimiter belongs to it (RFC 2046, 5.1.1)."""
    if at - 1 >= opened and raw[at - 1] == 10:
        at -= 1
        if at - 1 >= opened and raw[at - 1] == 13:
            at -= 1
    return max(opened, at)


def undo(body: bytes, encoding: str) -> bytes:
    """Undo a transfer encoding; an unknown one leaves the bytes as they are."""
    name = encoding.partition(";")[0].strip().lower()
    if name == "base64":
        return base64_bytes(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(body)
    return body


def _uudecode(body: bytes) -> bytes:
    lines = body.split(b"\n")
    first = next((n for n, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    out = []
    for line in lines[first + 1 :]:
        text = line.rstrip(b"\r")
        if text == b"end" or not text:
            break
        try:
            out.append(binascii.a2b_uu(text))
        except binascii.Error:
            continue
    return b"".join(out)


def filename_of(disposition: Mapping[str, str], content_type: Mapping[str, str]) -> str:
    """The name a part is saved under, from either header (RFC 2183, RFC 2231)."""
    return clean(disposition.get("filename") or content_type.get("name") or "").strip()
