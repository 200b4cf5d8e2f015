"""What a disc image (ISO 9660, with or without Joliet) says it holds."""

import struct
from collections.abc import Iterator

from dashboard.domain.archives import MOST_MEMBERS, Member

SECTOR = 2048
MOST_DIRECTORIES = 64
MOST_DIRECTORY = 65_536  # bytes of one
_FIRST, _LAST = 16, 32  # sectors that describe the volume
_MARK = b"CD001"
_PRIMARY, _JOLIET, _END = 1, 2, 255
_WIDE = (b"%/@", b"%/C", b"%/E")  # names in two bytes a letter
_ROOT = slice(156, 190)
_FOLDER = 2

_Directory = tuple[int, int]  # where it begins, its size


def files(content: bytes) -> tuple[Member, ...]:
    """List the first files of every directory tree; a broken one ends its list."""
    found: list[Member] = []
    for at in range(_FIRST * SECTOR, _LAST * SECTOR, SECTOR):
        volume = content[at : at + SECTOR]
        if volume[1:6] != _MARK or volume[0] == _END:
            break
        is_wide = volume[0] == _JOLIET and volume[88:91] in _WIDE
        if volume[0] == _PRIMARY or is_wide:
            found += _tree(content, volume[_ROOT], is_wide=is_wide)
    return tuple(found[:MOST_MEMBERS])


def _tree(content: bytes, root: bytes, *, is_wide: bool) -> list[Member]:
    """The files below a directory; each directory is visited once."""
    if len(root) < _ROOT.stop - _ROOT.start:
        return []
    found: list[Member] = []
    waiting = [_directory(root)]
    seen: set[_Directory] = set()
    while waiting and len(seen) < MOST_DIRECTORIES and len(found) < MOST_MEMBERS:
        directory = waiting.pop()
        if directory not in seen:
            seen.add(directory)
            for at, record in _records(content, directory):
                if record[25] & _FOLDER:
                    waiting.append(_directory(record))
                else:
                    found.append(_file(at, record, is_wide=is_wide))
    return found


def _directory(record: bytes) -> _Directory:
    sector, _, size = struct.unpack_from("<III", record, 2)
    return sector * SECTOR, min(size, MOST_DIRECTORY)


def _records(content: bytes, directory: _Directory) -> Iterator[tuple[int, bytes]]:
    """The entries of a directory besides itself and the one above."""
    at, end = directory[0], min(sum(directory), len(content))
    while at < end:
        length = content[at]
        record = content[at : at + length]
        if length == 0:  # no entry crosses the end of a sector
            at += SECTOR - at % SECTOR
        elif len(record) < 34 or 33 + record[32] > length:
            return
        else:
            if record[32:34] not in (b"\x01\x00", b"\x01\x01"):
                yield at, record
            at += length


def _file(at: int, record: bytes, *, is_wide: bool) -> Member:
    written = record[33 : 33 + record[32]]
    name = written.decode("utf-16-be" if is_wide else "ascii", "replace")
    name = name.partition(";")[0]  # behind it stands the version
    size = struct.unpack_from("<I", record, 10)[0]
    start = at + 33
    end = start + len(name) * (2 if is_wide else 1)
    return Member(name, size, size, is_encrypted=False, start=start, end=end)
