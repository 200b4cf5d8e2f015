"""The views of a message on its receipt, with the evidence marked in each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from dashboard.documents.base import Row
from dashboard.domain.domains import ascii_host
from dashboard.domain.findings import Where
from dashboard.domain.indicators import defang
from dashboard.domain.places import CODE
from dashboard.web.marking import Mark, Piece, pieces, plain

MAX_ENVELOPE: Final = 12
ENVELOPE: Final = ("from", "sender", "reply-to", "to", "cc", "subject", "date")

FILE_FIELDS: Final = {"name": "name", "type": "declared"}

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of evidence on its way to its place in the message."""

    number: int  # of the finding
    anchor: str
    is_against: bool
    place: Row
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something with a name: a header, a fact, a place that no view shows."""

    name: str
    pieces: list[Piece]
    is_cut: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One server taking the message from another."""

    source: str
    by: str
    at: datetime | None
    delay: int | None
    is_odd: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Where the message offers to go."""

    kind: str
    shown: list[Piece]
    target: list[Piece]
    written: str  # before a known rewriter was taken off; "" when there was none


@dataclass(frozen=True, slots=True)
class File:
    """Something attached."""

    name: list[Piece]
    declared: list[Piece]
    detected: str
    inside: list[Line]  # evidence in its content
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Inner:
    """A message inside of the message."""

    depth: int
    subject: str
    sender: str
    name: str
    text: str
    is_cut: bool
    counts: tuple[int, int]  # of its links and its attachments


@dataclass(frozen=True, slots=True)
class Panes:
    """Everything the views show; nothing of it can be clicked."""

    envelope: list[Line]
    text: list[Line]
    elsewhere: list[Line]
    hops: list[Hop]
    headers: list[Line]
    links: list[Link]
    files: list[File]
    nested: list[Inner]
    invitations: list[list[Line]]
    source: Line
    counts: Mapping[str, int]


def build(tabs: Row, spots: Iterable[Spot]) -> Panes:
    """Mark the evidence in what the worker stored of a message."""
    board = _Board(tabs)
    lost = [spot for spot in spots if not board.pin(spot)]
    headers = tabs["headers"]
    return Panes(
        envelope=[board.header(h, _said(h)) for h in _outer(headers)],
        text=[board.section(each) for each in tabs["text"]],
        elsewhere=[_alone(spot, _where(spot.place)) for spot in lost],
        hops=[_hop(each) for each in tabs["hops"]],
        headers=[board.header(each) for each in headers],
        links=[board.link(index, each) for index, each in enumerate(tabs["links"])],
        files=[board.file(each) for each in tabs["attachments"]],
        nested=[_inner(each) for each in tabs.get("nested", [])],
        invitations=[list(_invited(each)) for each in tabs.get("invitations", [])],
        source=Line("", board.take("source"), tabs["source_is_cut"]),
        counts=tabs["counts"],
    )


def line_of(tabs: Row, place: Row) -> int:
    """The line of the text a place begins in, from 1; 0 if no view shows it."""
    for section in tabs["text"]:
        if _is_text_of(section, place) and place["start"] is not None:
            return int(section["text"].count("\n", 0, place["start"])) + 1
    return 0


def link_rows(tabs: Row) -> dict[Key, int]:
    """Which link, from 0, stands at a place of the HTML."""
    rows: dict[Key, int] = {}
    for index, link in enumerate(tabs["links"]):
        rows.setdefault((link["part"], link["path"]), index)
    return rows


class _Board:
    """The texts that can carry marks, each under a key, and the marks put there."""

    def __init__(self, tabs: Row) -> None:
        self.texts: dict[Key, str] = {("source",): tabs["source"]}
        self.marks: dict[Key, list[Mark]] = defaultdict(list)
        self.inside: dict[Key, list[Line]] = defaultdict(list)
        self.rows = link_rows(tabs)
        self.files = {file["part"] for file in tabs["attachments"]}
        for header in tabs["headers"]:
            self.texts[_header_key(header)] = header["value"]
        for section in tabs["text"]:
            self.texts[(section["kind"], section["part"])] = section["text"]
        for index, link in enumerate(tabs["links"]):
            for name in ("shown", "target"):
                self.texts[(name, str(index))] = link[name]
        for file in tabs["attachments"]:
            for name in ("name", "declared"):
                self.texts[(name, file["part"])] = file[name] or _("unknown")

    def pin(self, spot: Spot) -> bool:
        """Mark the evidence; False when no view shows its place."""
        key = self._key(spot.place)
        if key[0] == "inside":
            return self._put_inside(key, spot)
        text = self.texts.get(key, "")
        if key[0] in ("shown", "target", "name", "declared"):
            start, end = 0, len(text)
        else:
            start, end = _bounds(spot.place, text)
            if text[start:end][: len(spot.value)] != spot.value:
                return False
        if start >= end:
            return False
        self.marks[key].append(
            Mark(spot.number, start, end, spot.is_against, spot.anchor)
        )
        return True

    def take(self, *key: str) -> list[Piece]:
        """The marked text of a key; its anchors are given away once."""
        given, self.marks[key] = self.marks[key], []
        found = pieces(self.texts.get(key, ""), given)
        self.marks[key] = [_without_anchor(mark) for mark in given]
        return found

    def header(self, header: Row, note: str = "") -> Line:
        found = self.take(*_header_key(header))
        return Line(plain(header["name"]), found, header["is_cut"], note)

    def section(self, section: Row) -> Line:
        found = self.take(section["kind"], section["part"])
        return Line(section["kind"], found, section["is_cut"])

    def link(self, index: int, link: Row) -> Link:
        return Link(
            link["kind"],
            self.take("shown", str(index)),
            self.take("target", str(index)),
            plain(link["written"]) if link["is_rewritten"] else "",
        )

    def file(self, file: Row) -> File:
        part = file["part"]
        return File(
            name=self.take("name", part),
            declared=self.take("declared", part),
            detected=file["detected"] or _("unknown"),
            inside=self.inside[("inside", part)],
            size=file["size"],
            sha256=file["sha256"],
        )

    def _put_inside(self, key: Key, spot: Spot) -> bool:
        if key[1] not in self.files:
            return False
        self.inside[key].append(_alone(spot, _where({**spot.place, "part": ""})))
        return True

    def _key(self, place: Row) -> Key:
        where, part = place["where"], place["part"]
        if where == Where.HEADER:
            return _header_key(place)
        if where == Where.TEXT:
            return ("plain", part)
        if where == Where.FILE:
            return (FILE_FIELDS.get(place["name"], "inside"), part)
        if where == Where.SOURCE:
            return ("source",)
        if not place["path"]:
            return ("html", part)
        row = self.rows.get((part, place["path"]))
        return ("target" if place["name"] else "shown", str(row))


def _inner(inner: Row) -> Inner:
    return Inner(
        depth=inner["depth"],
        subject=plain(inner["subject"]),
        sender=plain(inner["sender"]),
        name=plain(inner["sender_name"]),
        text=plain(inner["text"]),
        is_cut=inner["is_cut"],
        counts=(inner["links"], inner["attachments"]),
    )


def _invited(told: Row) -> Iterator[Line]:
    """What an invitation says of itself, in the order people ask it."""
    words = {
        "summary": _("Invitation to"),
        "organizer": _("Organised by"),
        "start": _("Begins"),
        "location": _("Place"),
        "description": _("Text"),
    }
    for name, word in words.items():
        if told[name]:
            yield Line(word, pieces(defang(told[name]), []))


def _header_key(named: Row) -> Key:
    return ("header", named["name"].lower(), str(named["index"]))


def _is_text_of(section: Row, place: Row) -> bool:
    if section["part"] != place["part"]:
        return False
    if section["kind"] == "plain":
        return bool(place["where"] == Where.TEXT)
    return bool(place["where"] == Where.DOM and not place["path"])


def _bounds(place: Row, text: str) -> tuple[int, int]:
    start = place["start"] or 0
    end = len(text) if place["end"] is None else place["end"]
    return start, min(end, len(text))


def _without_anchor(mark: Mark) -> Mark:
    return Mark(mark.number, mark.start, mark.end, mark.is_against)


def _outer(headers: list[Row]) -> list[Row]:
    """What stands on the envelope, in the order people read it."""
    named = [each for each in headers if each["name"].lower() in ENVELOPE]
    ordered = sorted(named, key=lambda each: ENVELOPE.index(each["name"].lower()))
    return ordered[:MAX_ENVELOPE]


def _said(header: Row) -> str:
    """The ASCII form of an address whose domain is written in other letters."""
    host = header["value"].rpartition("@")[2].rstrip("> \t").lower()
    if header["name"].lower() == "subject" or "@" not in header["value"]:
        return ""
    return "" if host.isascii() else defang(ascii_host(host))


def _alone(spot: Spot, name: str) -> Line:
    """Evidence that stands by itself, because no view shows what is around it."""
    text = spot.value or _("nothing")
    mark = Mark(spot.number, 0, len(text), spot.is_against, spot.anchor)
    return Line(name, pieces(text, [mark]))


def _where(place: Row) -> str:
    """The name of a place that no view shows."""
    return " ".join(_words(place))


def _words(place: Row) -> Iterator[str]:
    if place["part"]:
        yield _("Part %(part)s", part=place["part"])
    if place["where"] == Where.HEADER:
        yield plain(place["name"])
    if place["path"]:
        yield plain(place["path"].rpartition("/")[2])
        yield plain(place["name"])
    elif place["where"] == Where.FILE and place["name"] == CODE:
        yield _("QR code")
    elif place["where"] in (Where.SOURCE, Where.FILE):
        yield _("Byte %(count)d", count=place["start"] or 0)


def _hop(hop: Row) -> Hop:
    at = datetime.fromisoformat(hop["time"]) if hop["time"] else None
    return Hop(
        plain(hop["from"]), plain(hop["by"]), at, hop["delay"], bool(hop["is_odd"])
    )
