"""Telling from the first bytes whether something is a message, or holds some."""

import re
from enum import StrEnum
from typing import Final

from dashboard.domain.findings import Sentence

HEAD_BYTES: Final = 4096
OUTLOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Magic numbers of what people upload by mistake or as a trick, in plain words.
FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"MZ", Sentence("This is a Windows program, not an e-mail message.")),
    (b"\x7fELF", Sentence("This is a Linux program, not an e-mail message.")),
    (b"\xcf\xfa\xed\xfe", Sentence("This is a macOS program, not an e-mail message.")),
    (b"\xca\xfe\xba\xbe", Sentence("This is a program, not an e-mail message.")),
    (b"#!", Sentence("This is a script, not an e-mail message.")),
    (b"PK\x03\x04", Sentence("This is a zip archive, not an e-mail message.")),
    (b"Rar!", Sentence("This is a RAR archive, not an e-mail message.")),
    (b"7z\xbc\xaf", Sentence("This is a 7z archive, not an e-mail message.")),
    (b"\x1f\x8b", Sentence("This is a gzip archive, not an e-mail message.")),
    (b"%PDF", Sentence("This is a PDF document, not an e-mail message.")),
    (
        b"\xd0\xcf\x11\xe0",
        Sentence("This is an Outlook or Office file, not an e-mail message."),
    ),
    (b"\x89PNG", Sentence("This is a picture, not an e-mail message.")),
    (b"\xff\xd8\xff", Sentence("This is a picture, not an e-mail message.")),
    (b"GIF8", Sentence("This is a picture, not an e-mail message.")),
    (b"<!doctype html", Sentence("This is a web page, not an e-mail message.")),
    (b"<html", Sentence("This is a web page, not an e-mail message.")),
    (b"{", Sentence("This is a JSON document, not an e-mail message.")),
)
FIELD: Final = re.compile(rb"[!-9;-~]{1,76}[ \t]{0,4}:")
MESSAGE_FIELDS: Final = frozenset(
    b"from to cc subject date message-id received return-path delivered-to sender"
    b" reply-to mime-version content-type dkim-signature authentication-results"
    b" x-original-to envelope-to".split()
)


class Kind(StrEnum):
    """What kind of container a file is."""

    MAILBOX = "mailbox"
    ARCHIVE = "archive"
    OUTLOOK = "outlook"


class NotAMessage(ValueError):
    """The bytes are not a message; the text says what they are instead."""


def check(head: bytes) -> None:
    """Raise `NotAMessage` with the reason unless the bytes begin like RFC 5322.

    Only the first `HEAD_BYTES` are looked at, and nothing is decoded.
    """
    head = head[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise NotAMessage(Sentence("The file is empty."))
    lowered = head.lstrip()[:64].lower()
    for magic, what in FOREIGN:
        if lowered.startswith(magic.lower()):
            raise NotAMessage(what)
    names = _field_names(head)
    if not MESSAGE_FIELDS & names:
        raise NotAMessage(
            Sentence("No header of an e-mail message stands at the beginning.")
        )
    if b"\x00" in head:
        raise NotAMessage(
            Sentence("The file holds binary data, not an e-mail message.")
        )


def kind_of(head: bytes, name: str = "") -> Kind | None:
    """The kind of container by its first bytes; None for what is none.

    A file saved as one message may begin with the line of a mailbox: its name tells.
    """
    if head.startswith(b"PK\x03\x04"):
        return Kind.ARCHIVE
    if head.startswith(OUTLOOK):
        return Kind.OUTLOOK
    is_one = name.lower().endswith(".eml")
    return Kind.MAILBOX if head.startswith(b"From ") and not is_one else None


def _field_names(head: bytes) -> set[bytes]:
    lines = re.split(rb"\r\n|\r|\n", head)
    if lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]  # the envelope line of an mbox
    names: set[bytes] = set()
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            continue
        field = FIELD.match(line)
        if field is None:
            break
        names.add(field.group()[:-1].strip().lower())
    return names
