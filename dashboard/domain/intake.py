"""Telling from the first bytes whether something is a message at all."""

import re
from typing import Final

HEAD_BYTES: Final = 4096

# Magic numbers of what people upload by mistake or as a trick, in plain words.
FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"#!", "a script"),
    (b"PK\x03\x04", "a zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an Outlook or Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"{", "a JSON document"),
)
FIELD: Final = re.compile(rb"[!-9;-~]{1,76}[ \t]{0,4}:")
MESSAGE_FIELDS: Final = frozenset(
    b"from to cc subject date message-id received return-path delivered-to sender"
    b" reply-to mime-version content-type dkim-signature authentication-results"
    b" x-original-to envelope-to".split()
)


class NotAMessage(ValueError):
    """The bytes are not a message; the text says what they are instead."""


def check(head: bytes) -> None:
    """Raise `NotAMessage` with the reason unless the bytes begin like RFC 5322.

    Only the first `HEAD_BYTES` are looked at, and nothing is decoded.
    """
    head = head[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise NotAMessage("The file is empty.")
    lowered = head.lstrip()[:64].lower()
    for magic, what in FOREIGN:
        if lowered.startswith(magic.lower()):
            raise NotAMessage(f"This is {what}, not an e-mail message.")
    names = _field_names(head)
    if not MESSAGE_FIELDS & names:
        raise NotAMessage("No header of an e-mail message stands at the beginning.")
    if b"\x00" in head:
        raise NotAMessage("The file holds binary data, not an e-mail message.")


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
