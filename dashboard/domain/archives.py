"""What a zip file says it holds, read from its directory without unpacking it."""

import struct
from dataclasses import dataclass

from dashboard.domain.message import Attachment, Message
from dashboard.domain.remembering import remembered

MOST_MEMBERS = 500
MOST_NAME = 400  # bytes
_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_ENTRY_SIZE = 46
_LONGEST_TAIL = 22 + 65_535  # the end record and the longest comment
_RAR4 = b"Rar!\x1a\x07\x00"
_RAR5 = b"Rar!\x1a\x07\x01\x00"


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory, as the archive describes it."""

    name: str
    size: int  # claimed, unpacked
    packed: int
    is_encrypted: bool
    start: int  # of the entry in the file
    end: int


def members(content: bytes) -> tuple[Member, ...]:
    """List the first entries of a zip directory; a broken one ends the list."""
    at = _directory(content)
    found: list[Member] = []
    while 0 <= at <= len(content) - _ENTRY_SIZE and len(found) < MOST_MEMBERS:
        if content[at : at + 4] != _ENTRY:
            break
        member = _member(content, at)
        found.append(member)
        at = member.end
    return tuple(found)


def is_locked(content: bytes) -> bool:
    """Whether any file of a zip or rar archive needs a password."""
    if content.startswith(_RAR5):
        return _is_locked_rar5(content)
    if content.startswith(_RAR4):
        return len(content) > 12 and bool(content[10] & 0x80)
    return any(member.is_encrypted for member in members(content))


@remembered
def locked(message: Message) -> tuple[Attachment, ...]:
    """The files of a message that need a password."""
    return tuple(each for each in message.attachments if is_locked(each.content))


def _directory(content: bytes) -> int:
    end = content.rfind(_END, max(0, len(content) - _LONGEST_TAIL))
    if end < 0 or end + 20 > len(content):
        return content.find(_ENTRY)
    size, offset = struct.unpack_from("<II", content, end + 12)
    # Bytes may stand before the archive (a self-extracting one): count from the end.
    claimed = int(end - size)
    return claimed if content[claimed : claimed + 4] == _ENTRY else int(offset)


def _member(content: bytes, at: int) -> Member:
    flags = struct.unpack_from("<H", content, at + 8)[0]
    packed, size, name, extra, comment = struct.unpack_from("<IIHHH", content, at + 20)
    start = at + _ENTRY_SIZE
    written = content[start : start + min(name, MOST_NAME)]
    return Member(
        name=written.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
        size=size,
        packed=packed,
        is_encrypted=bool(flags & 1),
        start=start,
        end=start + name + extra + comment,
    )


def _is_locked_rar5(content: bytes) -> bool:
    """A RAR 5 archive with hidden names begins with an encryption header (type 4)."""
    at = len(_RAR5) + 4  # behind the header's checksum
    while at < len(content) and content[at] & 0x80:
        at += 1
    return at + 1 < len(content) and content[at + 1] == 4
