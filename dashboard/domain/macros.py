"""Whether an Office document carries programs, told from its directory alone."""

import struct
from collections.abc import Iterator

from dashboard.domain.archives import members

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_SECTORS = 256  # of an OLE directory
_END_OF_CHAIN = 0xFFFFFFFA  # and above: no sector
_ENTRY = 128
_STORAGES = frozenset({"_vba_project", "vba", "macros", "_vba_project_cur"})
_MEMBERS = ("vbaproject.bin", "/macrosheets/", "/dialogsheets/", "xl/macrosheets")


def macro_storage(content: bytes) -> tuple[str, int, int] | None:
    """Name the place programs are kept in, and its offsets; None without programs."""
    if content.startswith(OLE):
        return _in_ole(content)
    for member in members(content):
        if any(name in member.name.lower() for name in _MEMBERS):
            start = member.start
            return member.name, start, start + len(member.name.encode())
    return None


def _in_ole(content: bytes) -> tuple[str, int, int] | None:
    """Walk an OLE directory ([MS-CFB] 2.6); its names are UTF-16."""
    for start in _directory(content):
        length = struct.unpack_from("<H", content, start + 64)[0]
        raw = content[start : start + max(0, min(64, length) - 2)]
        name = raw.decode("utf-16-le", "replace")
        if name.lower() in _STORAGES:
            return name, start, start + len(raw)
    return None


def _directory(content: bytes) -> Iterator[int]:
    """Where each directory entry begins."""
    if len(content) < 512:
        return
    shift = struct.unpack_from("<H", content, 30)[0]
    sector = struct.unpack_from("<I", content, 48)[0]
    if shift not in (9, 12):
        return
    size, seen = 1 << shift, set[int]()
    while sector < _END_OF_CHAIN and sector not in seen and len(seen) < MOST_SECTORS:
        seen.add(sector)
        start = (sector + 1) * size
        whole = range(start, min(start + size, len(content) - _ENTRY + 1), _ENTRY)
        yield from whole
        sector = _next(content, sector, size)


def _next(content: bytes, sector: int, size: int) -> int:
    """Follow the allocation table; only its first 109 sectors are considered."""
    table, index = divmod(sector, size // 4)
    if table >= 109:
        return _END_OF_CHAIN
    where = struct.unpack_from("<I", content, 76 + 4 * table)[0]
    at = (where + 1) * size + 4 * index
    if where >= _END_OF_CHAIN or at + 4 > len(content):
        return _END_OF_CHAIN
    return int(struct.unpack_from("<I", content, at)[0])
