"""Reading back what stands at a place in a message."""

from collections.abc import Callable

from dashboard.domain import codes, dom
from dashboard.domain.charsets import guess
from dashboard.domain.findings import Place, Where
from dashboard.domain.message import Html, Message, Part
from dashboard.domain.parsing import page_text
from dashboard.domain.places import CODE
from dashboard.domain.remembering import remembered


def read(message: Message, place: Place) -> str:
    """The text at a place; LookupError where the message holds no such place."""
    return _READERS[place.where](message, place)


def _header(message: Message, place: Place) -> str:
    found = message.all(place.name)
    if not 0 <= place.index < len(found):
        raise LookupError(f"No header {place.name} number {place.index}.")
    return _slice(found[place.index].value, place)


def _text(message: Message, place: Place) -> str:
    return _slice(page_text(_part(message, place.part)), place)


def _dom(message: Message, place: Place) -> str:
    if not place.path:
        return _slice(_page(message, place.part).visible, place)
    document = dom.document(page_text(_part(message, place.part)))
    if place.name:
        return _slice(dom.attribute_at(document, place.path, place.name), place)
    return _slice(dom.text_at(document, place.path), place)


def _file(message: Message, place: Place) -> str:
    part = _part(message, place.part)
    if place.name == CODE:
        return _slice(_codes(message, place.part)[place.index], place)
    if place.name:
        return _slice(
            {"name": part.filename, "type": part.media_type}[place.name], place
        )
    return guess(_cut(part.content, place))


@remembered
def _codes(message: Message, path: str) -> tuple[str, ...]:
    return codes.read(_part(message, path).content)


def _source(message: Message, place: Place) -> str:
    return guess(_cut(message.raw, place))


def _part(message: Message, path: str) -> Part:
    for part in message.parts:
        if part.path == path:
            return part
    raise LookupError(f"No part {path}.")


def _page(message: Message, path: str) -> Html:
    for page in message.html:
        if page.part == path:
            return page
    raise LookupError(f"Part {path} is not HTML.")


def _slice(text: str, place: Place) -> str:
    start, end = _bounds(len(text), place)
    return text[start:end]


def _cut(content: bytes, place: Place) -> bytes:
    start, end = _bounds(len(content), place)
    return content[start:end]


def _bounds(length: int, place: Place) -> tuple[int, int]:
    start = 0 if place.start is None else place.start
    end = length if place.end is None else place.end
    if not 0 <= start <= end <= length:
        raise LookupError(f"{start} to {end} lies outside {length}.")
    return start, end


_READERS: dict[Where, Callable[[Message, Place], str]] = {
    Where.HEADER: _header,
    Where.TEXT: _text,
    Where.DOM: _dom,
    Where.FILE: _file,
    Where.SOURCE: _source,
}
