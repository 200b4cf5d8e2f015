"""Pointing at something in a message so that it can be read back."""

from dashboard.domain.findings import Place, Where
from dashboard.domain.message import Attachment, Header, Html, Part

CODE = "code"  # what a place in a QR code is named


def in_header(header: Header, needle: str = "") -> Place:
    """Where the needle first stands in a header; without one, the whole value."""
    place = Place(Where.HEADER, header.name, header.index, header.line)
    return _spot(place, header.value, needle)


def in_text(part: Part, start: int | None = None, end: int | None = None) -> Place:
    """A stretch of the decoded text of a text/* part."""
    return Place(Where.TEXT, "", 0, 0, part.path, "", start, end)


def in_markup(part: str, start: int, end: int) -> Place:
    """A stretch of the HTML source of a part."""
    return Place(Where.TEXT, "", 0, 0, part, "", start, end)


def in_visible(page: Html, start: int | None = None, end: int | None = None) -> Place:
    """A stretch of what a reader sees of an HTML part (`Html.visible`)."""
    return Place(Where.DOM, "", 0, 0, page.part, "", start, end)


def in_element(part: str, path: str, attribute: str = "") -> Place:
    """The shown text of an element of an HTML part, or one of its attributes."""
    return Place(Where.DOM, attribute, 0, 0, part, path)


def in_name(attachment: Attachment, needle: str = "") -> Place:
    """Where the needle first stands in an attachment's name; else the whole name."""
    place = Place(where=Where.FILE, part=attachment.part, name="name")
    return _spot(place, attachment.name, needle)


def in_type(attachment: Attachment) -> Place:
    """The media type the sender declares for an attachment."""
    return Place(where=Where.FILE, part=attachment.part, name="type")


def in_content(attachment: Attachment, start: int = 0, end: int | None = None) -> Place:
    """A stretch of an attachment's bytes; by default its first 64."""
    stop = min(64, attachment.size) if end is None else end
    return Place(where=Where.FILE, part=attachment.part, start=start, end=stop)


def in_code(part: str, index: int) -> Place:
    """The text of a QR code in a picture or document; the first has index 0."""
    return Place(where=Where.FILE, part=part, name=CODE, index=index)


def in_source(start: int, end: int) -> Place:
    """A stretch of the raw bytes of the message."""
    return Place(where=Where.SOURCE, start=start, end=end)


def part_of(place: Place, start: int, end: int) -> Place:
    """A narrower stretch, counted from the beginning of the given place."""
    where, name, index, line, part, path, base, _ = place
    base = base or 0
    return Place(where, name, index, line, part, path, base + start, base + end)


def _spot(place: Place, text: str, needle: str) -> Place:
    at = text.find(needle) if needle else -1
    return part_of(place, at, at + len(needle)) if at >= 0 else place
