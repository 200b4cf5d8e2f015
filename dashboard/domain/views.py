"""What the tabs of a receipt show of a message: plain values, every one bounded."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice

from dashboard.domain import calendars, hops
from dashboard.domain.charsets import guess
from dashboard.domain.filetypes import CALENDAR
from dashboard.domain.indicators import reveal, shown
from dashboard.domain.message import Attachment, Header, Link, LinkKind, Message
from dashboard.domain.parsing import page_text

MAX_TEXT = 200_000  # characters of all texts together
MAX_SOURCE = 100_000  # bytes
MAX_HEADERS = 300
MAX_VALUE = 4000
MAX_LINKS = 300
MAX_ATTACHMENTS = 100
MAX_NESTED = 12
MAX_INNER = 10_000  # characters of the text of a message inside
MAX_INVITATIONS = 5

# What a reader may follow comes before what a mail program would load.
_FOLLOWED = (
    *(LinkKind.FORM, LinkKind.ANCHOR, LinkKind.TEXT),
    *(LinkKind.CALENDAR, LinkKind.QR),
)


def tabs(message: Message) -> dict[str, object]:
    """Everything the tabs of a receipt show, safe to store as JSON.

    Texts and header values are the ones that places point into, so that evidence
    can be marked in them; they are cut at their end only.
    """
    return {
        "envelope": _envelope(message),
        "text": _texts(message),
        "headers": [_header(header) for header in message.headers[:MAX_HEADERS]],
        "hops": [_hop(hop) for hop in hops.of(message)],
        "links": _links(message),
        "attachments": [_file(each) for each in message.attachments[:MAX_ATTACHMENTS]],
        "nested": [_inner(*each) for each in islice(_nested(message, 1), MAX_NESTED)],
        "invitations": _invitations(message),
        "source": guess(message.raw[:MAX_SOURCE]),
        "source_is_cut": len(message.raw) > MAX_SOURCE,
        "counts": {
            "headers": len(message.headers),
            "links": len(message.links),
            "attachments": len(message.attachments),
            "size": message.size,
        },
    }


def _envelope(message: Message) -> dict[str, object]:
    return {
        "sender": message.sender.mailbox[:MAX_VALUE],
        "sender_name": message.sender.name[:MAX_VALUE],
        "reply_to": [address.mailbox[:320] for address in message.reply_to[:10]],
        "to": [address.mailbox[:320] for address in message.to[:20]],
        "subject": message.subject[:MAX_VALUE],
        "date": message.date.isoformat() if message.date else "",
        "message_id": message.message_id[:MAX_VALUE],
    }


def _texts(message: Message) -> list[dict[str, object]]:
    """The plain bodies, then what the HTML ones show; cut when together too long."""
    written = [("plain", part.path, part.text) for part in message.texts]
    written += [
        ("html", page.part, page.visible) for page in message.html if page.is_body
    ]
    room, sections = MAX_TEXT, []
    for kind, part, text in written[:20]:
        piece = text[:room]
        room -= len(piece)
        cut = len(piece) < len(text)
        sections.append({"kind": kind, "part": part, "text": piece, "is_cut": cut})
    return sections


def _nested(message: Message, depth: int) -> Iterator[tuple[Message, int]]:
    """The messages inside a message, each before those inside of it."""
    for inner in message.nested:
        yield inner, depth
        yield from _nested(inner, depth + 1)


def _inner(message: Message, depth: int) -> dict[str, object]:
    text = message.visible_text
    return {
        **_envelope(message),
        "depth": depth,
        "text": text[:MAX_INNER],
        "is_cut": len(text) > MAX_INNER,
        "links": len(message.links),
        "attachments": len(message.attachments),
    }


def _invitations(message: Message) -> list[dict[str, object]]:
    """What the calendars of a message say of themselves."""
    detected = {each.part for each in message.attachments if each.detected == CALENDAR}
    found = [
        calendars.read(page_text(part))
        for part in message.parts
        if part.media_type == CALENDAR or part.path in detected
    ]
    return [asdict(each) for each in found if each][:MAX_INVITATIONS]


def _header(header: Header) -> dict[str, object]:
    return {
        "name": header.name[:200],
        "value": header.value[:MAX_VALUE],
        "line": header.line,
        "index": header.index,
        "is_cut": len(header.value) > MAX_VALUE,
    }


def _hop(hop: hops.Hop) -> dict[str, object]:
    return {
        "from": reveal(hop.source),
        "by": reveal(hop.by),
        "time": hop.at.isoformat() if hop.at else "",
        "delay": hop.delay,
        "is_odd": hop.is_odd,
        "line": hop.line,
    }


def _links(message: Message) -> list[dict[str, object]]:
    ordered = sorted(message.links, key=lambda link: link.kind not in _FOLLOWED)
    return [_link(link) for link in ordered[:MAX_LINKS]]


def _link(link: Link) -> dict[str, object]:
    written, target = shown(link.url[:MAX_VALUE]), shown(link.target[:MAX_VALUE])
    is_bare = link.text == link.url
    return {
        "shown": written if is_bare else reveal(link.text[:500]),
        "written": written,
        "target": target,
        "is_rewritten": written != target,
        "kind": link.kind.value,
        "part": link.place.part,
        "path": link.place.path,
        "start": link.place.start,
    }


def _file(attachment: Attachment) -> dict[str, object]:
    return {
        "name": reveal(attachment.name[:500]),
        "declared": reveal(attachment.declared[:200]),
        "detected": attachment.detected,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "part": attachment.part,
    }
