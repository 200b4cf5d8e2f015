"""Files that hold messages: mailboxes, archives and what Outlook saves, taken apart."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from lzma import LZMAError
from typing import BinaryIO, Final
from zipfile import ZipInfo

import pyzipper

from dashboard.domain import outlook
from dashboard.domain.findings import Sentence
from dashboard.domain.intake import HEAD_BYTES, Kind, kind_of

CHUNK: Final = 1024 * 1024
OVERLAP: Final = 512  # a separator is shorter
MAX_MEMBERS: Final = 5_000  # files an archive may list
MAX_DIRECTORY: Final = 4 * CHUNK
MAX_UNPACKED: Final = 256 * CHUNK  # of everything in an archive together
MAX_RATIO: Final = 150
SMALL: Final = CHUNK  # below it a high ratio harms nobody
MAX_ENCRYPTED: Final = 5 * CHUNK
MAX_NAME: Final = 200
PASSWORD: Final = b"infected"  # what analysts agree on everywhere

_END: Final = b"PK\x05\x06"
_LONGEST_TAIL: Final = 22 + 65_535
_SEPARATOR: Final = re.compile(rb"\r?\n\r?\n(?=From \S[^\n]{0,200}\d\d:\d\d)")
_FIRST_LINE: Final = re.compile(rb"From [^\n]{0,400}\n")
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_LITTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

_BROKEN: Final = (
    *(
        pyzipper.BadZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ),
    *(zlib.error, LZMAError, struct.error, LookupError),
)

TOO_LARGE: Final = Sentence("The message is larger than one may be.")
BROKEN: Final = Sentence(
    "It is damaged, or locked with a password other than “infected”."
)
NESTED: Final = Sentence("An archive inside an archive is not opened.")
BOMB: Final = Sentence(
    "It unpacks to far more than it is; that is a trick, not a message."
)
ENCRYPTED: Final = Sentence(
    "Encrypted files of more than 5 MB together are not unpacked."
)
FULL: Final = Sentence("The archive holds more than is unpacked; the rest was left.")
UNREADABLE: Final = Sentence(
    "The archive is damaged: its list of files cannot be read."
)
TOO_MANY: Final = Sentence("The archive lists more files than are looked at.")


class Unreadable(ValueError):
    """Nothing of the container can be read; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """Where an entry begins: which file of an archive, which byte of a mailbox."""

    member: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a container: the bytes of a message, or why there are none."""

    name: str  # as the container names it; shown only
    after: Cursor  # where the next entry begins
    raw: bytes = field(default=b"", repr=False)
    reason: str = ""


def unpack(
    source: BinaryIO, kind: Kind, *, limit: int, begin: Cursor = Cursor()
) -> Iterator[Entry]:
    """Yield what the container holds, from a place on; no entry is above `limit`.

    Memory stays below a few times `limit`. Raises `Unreadable` where there is no
    beginning at all; what is wrong with one entry is in that entry.
    """
    if kind is Kind.MAILBOX:
        yield from _mailbox(source, begin, limit, "")
    elif kind is Kind.ARCHIVE:
        yield from _archive(source, begin, limit)
    elif begin.member == 0:
        source.seek(0)
        yield _rebuilt(source.read(limit + 1), "", Cursor(1), limit)


def _rebuilt(content: bytes, name: str, after: Cursor, limit: int) -> Entry:
    """A mail as Outlook keeps it, in the form in which mail travels."""
    if len(content) > limit:
        return Entry(name, after, reason=TOO_LARGE)
    try:
        return Entry(name, after, raw=outlook.rebuild(content))
    except outlook.NotRebuilt as error:
        return Entry(name, after, reason=str(error))


def _mailbox(source: BinaryIO, begin: Cursor, limit: int, name: str) -> Iterator[Entry]:
    for end, written in _pieces(source, begin.offset, limit):
        after = Cursor(begin.member, end)
        if written is None:
            yield Entry(name, after, reason=TOO_LARGE)
        elif (raw := _unquoted(written)).strip():
            yield Entry(name, after, raw=raw)


def _unquoted(written: bytes) -> bytes:
    """The message without the line before it and the marks put into it (mboxrd)."""
    line = _FIRST_LINE.match(written)
    raw = written[line.end() :] if line else written
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw


def _pieces(
    source: BinaryIO, start: int, limit: int
) -> Iterator[tuple[int, bytes | None]]:
    """Each message of a mailbox with its end; None for one above the limit."""
    source.seek(start)
    held, base, at, scanned, is_over = b"", start, 0, 0, False
    while True:
        if found := _SEPARATOR.search(held, scanned):
            piece = held[at : found.start()] + b"\n"
            yield base + found.end(), None if is_over or len(piece) > limit else piece
            at = scanned = found.end()
            is_over = False
            continue
        if is_over or len(held) - at > limit:
            is_over, at = True, max(at, len(held) - OVERLAP)
        held, base = held[at:], base + at
        at, scanned = 0, max(0, len(held) - OVERLAP)
        chunk = source.read(CHUNK)
        if not chunk:
            if held or is_over:
                yield base + len(held), None if is_over else held
            return
        held += chunk


def _archive(source: BinaryIO, begin: Cursor, limit: int) -> Iterator[Entry]:
    _check_directory(source)
    try:
        with pyzipper.AESZipFile(source) as archive:
            archive.setpassword(PASSWORD)
            yield from _members(archive, begin, limit)
    except _BROKEN:
        raise Unreadable(UNREADABLE) from None


def _check_directory(source: BinaryIO) -> None:
    """Refuse a list of files too long to be read, before it is read."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _LONGEST_TAIL))
    tail = source.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise Unreadable(UNREADABLE)
    count, length = struct.unpack_from("<HI", tail, end + 10)
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise Unreadable(TOO_MANY)


def _members(
    archive: pyzipper.AESZipFile, begin: Cursor, limit: int
) -> Iterator[Entry]:
    listed = [each for each in archive.infolist() if not _is_litter(each)]
    locked = sum(each.compress_size for each in listed if each.flag_bits & 1)
    unpacked = 0
    for number, member in enumerate(listed):
        unpacked += member.file_size
        if number < begin.member:
            continue
        name = member.filename[-MAX_NAME:]
        after = Cursor(number + 1)
        if unpacked > MAX_UNPACKED:
            yield Entry(name, after, reason=FULL)
        elif reason := _refusal(member, locked):
            yield Entry(name, after, reason=reason)
        else:
            place = begin if number == begin.member else Cursor(number)
            yield from _opened(archive, member, place, limit)


def _is_litter(member: ZipInfo) -> bool:
    return member.is_dir() or any(word in member.filename for word in _LITTER)


def _refusal(member: ZipInfo, locked: int) -> str:
    is_large = member.file_size > SMALL
    if is_large and member.file_size > member.compress_size * MAX_RATIO:
        return BOMB
    return ENCRYPTED if member.flag_bits & 1 and locked > MAX_ENCRYPTED else ""


def _opened(
    archive: pyzipper.AESZipFile, member: ZipInfo, begin: Cursor, limit: int
) -> Iterator[Entry]:
    """What one file of an archive holds; a broken one ends with saying so."""
    name, after = member.filename[-MAX_NAME:], Cursor(begin.member + 1)
    try:
        with archive.open(member) as file:
            kind = kind_of(file.read(HEAD_BYTES), name)
            file.seek(0)
            if kind is Kind.MAILBOX:
                yield from _mailbox(file, begin, limit, name)
            else:
                yield _single(file.read(limit + 1), kind, name, after, limit)
    except _BROKEN:
        yield Entry(name, after, reason=BROKEN)


def _single(
    content: bytes, kind: Kind | None, name: str, after: Cursor, limit: int
) -> Entry:
    if kind is Kind.OUTLOOK:
        return _rebuilt(content, name, after, limit)
    if kind is Kind.ARCHIVE:
        return Entry(name, after, reason=NESTED)
    if len(content) > limit:
        return Entry(name, after, reason=TOO_LARGE)
    return Entry(name, after, raw=content)
