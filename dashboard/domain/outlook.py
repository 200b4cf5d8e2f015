"""Mail as Outlook saves it (.msg), put back into the form in which mail travels."""

import hashlib
import re
import struct
from base64 import b64encode, encodebytes
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import Final

from olefile import OleFileIO
from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.domain import constants as known
from oxmsg.storage import Storage

from dashboard.domain.findings import Sentence

HEADER: Final = "X-PhishNet-Rebuilt"  # names what Outlook had not kept
NO_HEADERS: Final = "transport-headers"
RICH_TEXT: Final = "rich-text"
ITEMS: Final = "attached-items"

MAX_STREAMS: Final = 5_000
MAX_GROWTH: Final = 3  # streams may share their bytes, and each would be read
MAX_FILES: Final = 200
MAX_VALUE: Final = 10_000
MAX_WORD: Final = 12  # letters; an encoded word may have 75 characters
_BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError),
    *(RuntimeError, TypeError, ValueError, struct.error),
)
_FIELD: Final = re.compile(r"[!-9;-~]+[ \t]*:")
_OURS: Final = ("content-", "mime-version", HEADER.lower())
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f]+")
_KINDS: Final = {1: "To", 2: "Cc"}
_MIME: Final = re.compile(r"[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*", re.IGNORECASE)

DAMAGED: Final = Sentence("The Outlook file is damaged and could not be read.")
NO_MAIL: Final = Sentence("The Outlook or Office file holds no mail.")


class NotRebuilt(ValueError):
    """No message can be made of the file; the text says why."""


def rebuild(content: bytes) -> bytes:
    """The message in the form of RFC 5322; the same file gives the same bytes.

    What the file does not hold is named in the header `HEADER`. Raises `NotRebuilt`.
    """
    try:
        return _rebuilt(_message(content), hashlib.sha256(content).hexdigest()[:24])
    except NotRebuilt:
        raise
    except _BROKEN:
        raise NotRebuilt(DAMAGED) from None


def _message(content: bytes) -> Message:
    with OleFileIO(content) as file:
        sizes = [entry.size for entry in file.direntries if entry is not None]
        if len(sizes) > MAX_STREAMS or sum(sizes) > len(content) * MAX_GROWTH:
            raise NotRebuilt(DAMAGED)
        if not file.exists("__properties_version1.0"):
            raise NotRebuilt(NO_MAIL)
        return Message(Storage.from_ole(file))


def _rebuilt(message: Message, mark: str) -> bytes:
    lost: list[str] = []
    headers = list(_transported(message))
    if not headers:
        lost.append(NO_HEADERS)
        headers = list(_made(message))
    parts = [*_bodies(message, lost)]
    body = _joined("alternative", parts, f"body-{mark}") if len(parts) > 1 else parts[0]
    files = [each for each in map(_file, _attachments(message, lost)) if each]
    whole = _joined("mixed", [body, *files], f"file-{mark}") if files else body
    told = [f"{HEADER}: outlook; lost={','.join(lost) or 'nothing'}"]
    lines = "\r\n".join([*told, *headers, "MIME-Version: 1.0", ""])
    return lines.encode("utf-8", "surrogatepass") + whole


def _transported(message: Message) -> Iterator[str]:
    """The header lines the mail arrived with, less those that described its parts."""
    written = message.properties.str_prop_value(known.PID_TRANSPORT_MESSAGE_HEADERS)
    is_kept = False
    for line in (written or "").replace("\x00", "").lstrip().splitlines():
        if not line.strip():
            return
        if line[0] not in " \t":
            is_kept = bool(_FIELD.match(line)) and not line.lower().startswith(_OURS)
        if is_kept:
            yield line


def _made(message: Message) -> Iterator[str]:
    """Headers from what Outlook knows of a mail that came without."""
    if message.sender:
        yield f"From: {_mailboxes([message.sender])}"
    for kind, name in _KINDS.items():
        told = [
            f'"{_quoted(each.name)}" <{each.email_address}>'
            for each in message.recipients
            if each.properties.int_prop_value(known.PID_RECIPIENT_TYPE) == kind
        ]
        if told:
            yield f"{name}: {_mailboxes(told)}"
    yield f"Subject: {_words(message.subject)}"
    if message.sent_date:
        yield f"Date: {format_datetime(message.sent_date)}"
    if identity := message.properties.str_prop_value(known.PID_INTERNET_MESSAGE_ID):
        yield f"Message-ID: {_plain(identity)}"


def _bodies(message: Message, lost: list[str]) -> Iterator[bytes]:
    text = message.body or ""
    page = message.properties.binary_prop_value(known.PID_HTML)
    charset = message.properties.body_encoding
    if page is None and (written := message.html_body):
        page, charset = written.encode("utf-8", "replace"), "utf-8"
    is_rich = message.properties.binary_prop_value(known.PID_RTF_COMPRESSED) is not None
    if is_rich and not text.strip() and not page:
        lost.append(RICH_TEXT)
    if text or not page:
        yield _part("text/plain; charset=utf-8", text.encode("utf-8", "replace"))
    if page:
        yield _part(f"text/html; charset={charset}", page)


def _attachments(message: Message, lost: list[str]) -> Iterator[Attachment]:
    for each in message.attachments[:MAX_FILES]:
        if each.file_bytes is None:  # an item of Outlook's own, kept as a folder
            if ITEMS not in lost:
                lost.append(ITEMS)
        else:
            yield each


def _file(attachment: Attachment) -> bytes:
    kind = attachment.mime_type or ""
    kind = kind if _MIME.fullmatch(kind) else "application/octet-stream"
    name = attachment.file_name or attachment.properties.str_prop_value(
        known.PID_ATTACH_FILENAME
    )
    extra = [f'Content-Disposition: attachment; filename="{_quoted(name or "")}"']
    if identity := attachment.properties.str_prop_value(known.PID_ATTACH_CONTENT_ID):
        extra.append(f"Content-ID: <{_plain(identity)}>")
    return _part(kind, attachment.file_bytes or b"", extra)


def _part(kind: str, content: bytes, extra: Iterable[str] = ()) -> bytes:
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *extra]
    head = "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")
    return head + encodebytes(content).replace(b"\n", b"\r\n")


def _joined(kind: str, parts: Iterable[bytes], boundary: str) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    line = f"--{boundary}\r\n".encode()
    inside = b"".join(line + part + b"\r\n" for part in parts)
    return head.encode() + inside + f"--{boundary}--\r\n".encode()


def _mailboxes(told: Iterable[str]) -> str:
    """Mailboxes with the name encoded where it is not ASCII."""
    return ", ".join(_mailbox(each) for each in told)


def _mailbox(written: str) -> str:
    name, opened, rest = _plain(written).rpartition("<")
    bare = name.strip().strip('"')
    if not opened or bare.isascii():
        return _plain(written)
    return f"{_words(bare)} <{rest}"


def _words(text: str) -> str:
    """A header value in encoded words (RFC 2047) where it is not plain ASCII."""
    plain = _plain(text)
    if plain.isascii():
        return plain
    cuts = range(0, len(plain), MAX_WORD)
    pieces = [plain[at : at + MAX_WORD].encode("utf-8", "replace") for at in cuts]
    words = (f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in pieces)
    return "\r\n ".join(words)


def _plain(text: str) -> str:
    return _UNSAFE.sub(" ", text)[:MAX_VALUE].strip()


def _quoted(text: str) -> str:
    return _plain(text).replace("\\", "\\\\").replace('"', '\\"')
