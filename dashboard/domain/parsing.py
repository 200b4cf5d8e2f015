"""Raw bytes to Message: the one place that reads what an attacker wrote."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from dashboard.domain import addresses, codes, filetypes, headers, html, links, mime
from dashboard.domain.charsets import codec, decode
from dashboard.domain.findings import Place, Sentence, Where
from dashboard.domain.headers import Block
from dashboard.domain.hops import moment
from dashboard.domain.message import (
    Address,
    Attachment,
    Breach,
    Html,
    Link,
    Message,
    Part,
)
from dashboard.domain.places import in_element, in_source, in_visible

MAX_SIZE = 25 * 1024 * 1024
MAX_BLANK = 1000  # lines before the first header
MAX_NESTED = 10  # attached messages that are opened
MAX_NESTING = 4  # how deep messages inside messages are opened
MAX_PAGES = 20  # HTML parts that are read

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([\w.:-]+)", re.I
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
_HTML_NAMES = (".htm", ".html", ".shtml", ".xhtml", ".svg", ".xht", ".mht", ".mhtml")


def parse(raw: bytes) -> Message:
    """Read a message. Never raises: what cannot be read is a breach in the answer."""
    return _parse(raw, nesting=0)


@dataclass(slots=True)
class _Reading:
    """What is gathered while the parts are read."""

    raw: bytes
    nesting: int
    parts: list[Part] = field(default_factory=list)
    texts: list[Part] = field(default_factory=list)
    bodies: list[Html] = field(default_factory=list)
    pages: list[Html] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    nested: list[Message] = field(default_factory=list)
    pictures: int = 0  # files in which codes were looked for


def _parse(raw: bytes, *, nesting: int) -> Message:
    source, breaches = _source(raw)
    start, line = _beginning(source)
    block = headers.scan(source, start, len(source), line=line)
    breaches += _header_breaches(source, block)
    leaves, found = mime.split(source, block, len(source))
    reading = _Reading(source, nesting, breaches=breaches + found)
    for leaf in leaves:
        _read_leaf(reading, leaf)
    return _assembled(raw, block, reading)


def _source(raw: bytes) -> tuple[bytes, list[Breach]]:
    """The bytes that are read: bounded, and with line breaks that can be found."""
    breaches = []
    if len(raw) > MAX_SIZE:
        detail = Sentence(
            "Only the first %(limit)s of %(size)s bytes were read.",
            limit=MAX_SIZE,
            size=len(raw),
        )
        breaches.append(Breach("size", detail, in_source(MAX_SIZE, MAX_SIZE)))
        raw = raw[:MAX_SIZE]
    if raw.find(b"\n", 0, 100_000) < 0 and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")  # offsets stay as they are
    return raw, breaches


def _beginning(source: bytes) -> tuple[int, int]:
    """Where the first header stands: behind a mark, blank lines, an mbox line."""
    at, line = 3 if source.startswith(b"\xef\xbb\xbf") else 0, 1
    while at < len(source) and line <= MAX_BLANK:
        end = source.find(b"\n", at, at + 2000) + 1
        first = source[at:end]
        is_mbox = line == 1 and first.startswith((b"From ", b">From "))
        if not end or not (is_mbox or not first.strip()):
            break
        at, line = end, line + 1
    return at, line


def _header_breaches(source: bytes, block: Block) -> list[Breach]:
    breaches = []
    if block.has_more:
        detail = Sentence(
            "Only the first %(limit)s header lines were read.",
            limit=headers.MAX_HEADERS,
        )
        breaches.append(Breach("headers", detail, in_source(block.body, block.body)))
    if any(len(value) > headers.MAX_LENGTH for _, _, value in block.found):
        breaches += _long_headers(block)
    if source.count(b"\r", 0, block.body) != source.count(b"\r\n", 0, block.body):
        breaches += _bare_returns(block)
    if not block.found:
        detail = Sentence("The source does not begin with header lines.")
        breaches.append(
            Breach("no-headers", detail, in_source(0, min(64, len(source))))
        )
    elif block.broken_at >= 0:
        detail = Sentence("The headers end in a line that is no header.")
        place = in_source(block.broken_at, min(block.broken_at + 64, len(source)))
        breaches.append(Breach("header-broken", detail, place))
    return breaches


def _long_headers(block: Block) -> Iterator[Breach]:
    for item in block.fields:
        if item.cut:
            detail = Sentence(
                "A header is longer than %(limit)s bytes.", limit=headers.MAX_LENGTH
            )
            place = in_source(item.start, item.start + len(item.name))
            yield Breach("header-length", detail, place)


def _bare_returns(block: Block) -> Iterator[Breach]:
    for item in block.fields:
        if b"\r" in item.value.replace(b"\r\n", b"").rstrip(b"\r"):
            detail = Sentence("A header holds a bare carriage return.")
            place = in_source(item.start, item.start + len(item.name))
            yield Breach("bare-cr", detail, place)


def _read_leaf(reading: _Reading, leaf: mime.Leaf) -> None:
    part, label = _part(reading.raw, leaf)
    reading.parts.append(part)
    if label and not codec(label) and part.text:
        place = in_source(leaf.start, min(leaf.start + 64, leaf.stop))
        detail = Sentence(
            "A part claims the unknown charset %(charset)s.", charset=repr(label[:40])
        )
        reading.breaches.append(Breach("charset", detail, place))
    if _is_body(part):
        _read_body(reading, part)
    elif part.content or part.filename:
        _read_attachment(reading, part)


def _part(raw: bytes, leaf: mime.Leaf) -> tuple[Part, str]:
    content = leaf.content(raw)
    disposition = leaf.block.first("content-disposition")
    given = headers.parameters(leaf.declared)
    placed = headers.parameters(disposition)
    label = given.get("charset", "") or _meta_charset(leaf.media_type, content)
    is_text = leaf.media_type.startswith("text/")
    part = Part(
        path=leaf.path,
        media_type=leaf.media_type,
        content=content,
        text=decode(content, label) if is_text else "",
        charset=label.lower(),
        filename=mime.filename_of(placed, given),
        disposition=disposition.partition(";")[0].strip().lower(),
        content_id=leaf.block.first("content-id").strip("<> "),
    )
    return part, label


def _meta_charset(media_type: str, content: bytes) -> str:
    if media_type != "text/html":
        return ""
    found = _META_CHARSET.search(content[:2048])
    return found[1].decode("ascii", "replace") if found else ""


def _is_body(part: Part) -> bool:
    """Whether a mail client shows the part rather than offering it as a file."""
    if part.disposition == "attachment" or not part.media_type.startswith("text/"):
        return False
    if part.media_type == "text/html":
        return not part.filename
    return not part.filename or part.disposition == "inline"


def _read_body(reading: _Reading, part: Part) -> None:
    if part.media_type == "text/html":
        _read_page(reading, part, part.text, is_body=True)
        return
    if part.media_type == "text/plain":
        reading.texts.append(part)
    reading.links += islice(links.in_part(part), links.MAX_LINKS)
    if part.media_type in ("text/calendar", "text/vcard") or part.filename:
        reading.attachments.append(_attachment(part))


def _read_attachment(reading: _Reading, part: Part) -> None:
    attachment = _attachment(part)
    reading.attachments.append(attachment)
    _read_codes(reading, attachment)
    name = part.filename.lower()
    if attachment.detected == filetypes.MESSAGE or part.media_type == "message/rfc822":
        if reading.nesting < MAX_NESTING and len(reading.nested) < MAX_NESTED:
            reading.nested.append(_parse(part.content, nesting=reading.nesting + 1))
        else:
            detail = Sentence(
                "More attached messages than are opened; the rest was not read."
            )
            place = Place(where=Where.FILE, part=part.path, name="type")
            reading.breaches.append(Breach("nesting", detail, place))
    elif (
        part.media_type in _HTML_TYPES
        or attachment.detected in _HTML_TYPES
        or name.endswith(_HTML_NAMES)
    ):
        _read_page(reading, part, page_text(part), is_body=False)
    elif filetypes.CALENDAR in (part.media_type, attachment.detected):
        read = replace(part, media_type=filetypes.CALENDAR, text=page_text(part))
        reading.links += islice(links.in_part(read), links.MAX_LINKS)


def _read_codes(reading: _Reading, file: Attachment) -> None:
    """The links of QR codes, in the first few files that may hold one."""
    if file.detected in codes.KINDS and reading.pictures < codes.MAX_FILES:
        reading.pictures += 1
        found = codes.read_known(file.content, file.sha256)
        reading.links += islice(links.in_codes(found, file.part), links.MAX_LINKS)


def page_text(part: Part) -> str:
    """The markup of an HTML part, also of one declared as something else."""
    if part.text:
        return part.text
    return decode(
        part.content, part.charset or _meta_charset("text/html", part.content)
    )


def _attachment(part: Part) -> Attachment:
    return Attachment(
        part=part.path,
        name=part.filename,
        declared=part.media_type,
        detected=filetypes.detect(part.content),
        size=len(part.content),
        sha256=hashlib.sha256(part.content).hexdigest(),
        content=part.content,
    )


def _read_page(reading: _Reading, part: Part, text: str, *, is_body: bool) -> None:
    if len(reading.bodies) + len(reading.pages) >= MAX_PAGES:
        detail = Sentence(
            "Only the first %(limit)s HTML parts were read.", limit=MAX_PAGES
        )
        place = Place(where=Where.FILE, part=part.path, name="type")
        reading.breaches.append(Breach("html-parts", detail, place))
        return
    read = html.read(text, part.path)
    page = Html(
        part=part.path,
        visible=read.visible,
        is_body=is_body,
        title=read.title,
        fields=tuple(read.fields),
        hidden=tuple(read.hidden),
        scripts=tuple(in_element(part.path, *script) for script in read.scripts),
    )
    (reading.bodies if is_body else reading.pages).append(page)
    found = list(links.in_page(read, part.path))
    bare = links.in_plain(page.visible, in_visible(page, 0))
    reading.links += found + list(links.not_shown(bare, found))
    reading.breaches += read.breaches


def _assembled(raw: bytes, block: Block, reading: _Reading) -> Message:
    senders = _mailboxes(block, "from")
    links_read = tuple(reading.links[: links.MAX_LINKS])
    if len(reading.links) > links.MAX_LINKS:
        detail = Sentence(
            "Only the first %(limit)s links were read.", limit=links.MAX_LINKS
        )
        breach = Breach("links", detail, reading.links[links.MAX_LINKS].place)
        reading.breaches.append(breach)
    return Message(
        headers=headers.Read(block),
        sender=senders[0] if senders else Address(),
        senders=senders,
        reply_to=_mailboxes(block, "reply-to"),
        return_path=next(iter(_mailboxes(block, "return-path")), Address()),
        to=_mailboxes(block, "to", "cc"),
        subject=block.first("subject"),
        date=moment(block.first("date")),
        message_id=block.first("message-id").strip().strip("<>").strip(),
        parts=tuple(reading.parts),
        texts=tuple(reading.texts),
        html=tuple(reading.bodies + reading.pages),
        links=links_read,
        attachments=tuple(reading.attachments),
        breaches=tuple(reading.breaches),
        nested=tuple(reading.nested),
        size=len(raw),
        raw=raw,
    )


def _mailboxes(block: Block, *names: str) -> tuple[Address, ...]:
    found: list[Address] = []
    for name in names:
        for header in map(block.field, block.where.get(name, ())):
            found += addresses.read(header)
    return tuple(found[: addresses.MAX_ADDRESSES])
