"""Files for tests, made by hand so that nothing in them is real."""

import io
import struct
import zipfile

RAR5_LOCKED = b"Rar!\x1a\x07\x01\x00" + bytes(4) + b"\x21\x04" + bytes(40)
BLOB = b"""<html><body><script>
var file = new Blob([Uint8Array.from(atob("TVo="), c => c.charCodeAt(0))]);
var link = document.createElement("a"); link.href = URL.createObjectURL(file);
link.download="tool.exe"; link.click();
</script>"""
UNPACK = (
    b"<html><script>document.write(unescape('" + b"%3C" * 200 + b"'))</script></html>"
)


def zipped(*names: str, locked: bool = False) -> bytes:
    """A zip of small files; locked only in what its directory says."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "nothing")
    content = bytearray(file.getvalue())
    if locked:
        at = content.find(b"PK\x01\x02")
        content[at + 8] |= 1
    return bytes(content)


def ole(*entries: str) -> bytes:
    """A compound file of one directory sector ([MS-CFB] 2.2) with these entries."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 1)  # the directory is sector 1
    struct.pack_into("<I", head, 76, 0)  # the allocation table is sector 0
    table = struct.pack("<128I", 0xFFFFFFFD, *[0xFFFFFFFE] * 127)
    directory = b"".join(_entry(name) for name in ("Root Entry", *entries))
    return bytes(head) + table + directory.ljust(1024, b"\0")


def _entry(name: str) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    return coded.ljust(64, b"\0") + struct.pack("<H", len(coded)).ljust(64, b"\0")


def disc(*names: str, folder: str = "", joliet: bool = False) -> bytes:
    """An ISO 9660 image whose files hold nothing; all stand in one directory."""
    sector = 2048
    coded = [n.encode("utf-16-be" if joliet else "ascii") for n in names]
    files = b"".join(_record(name, 20, 0) for name in coded)
    root = _record(b"\0", 18, sector, 2) + _record(b"\1", 18, sector, 2)
    inner = files
    if folder:
        root, inner = root + _record(folder.encode(), 19, sector, 2), files
    else:
        root += files
    volume = bytearray(sector)
    volume[:7] = (b"\x02" if joliet else b"\x01") + b"CD001\x01"
    volume[88:91] = b"%/E" if joliet else bytes(3)
    volume[156:190] = _record(b"\0", 18, sector, 2)
    last = (b"\xffCD001\x01").ljust(sector, b"\0")
    sectors = (bytes(16 * sector), bytes(volume), last)
    return b"".join(sectors) + root.ljust(sector, b"\0") + inner.ljust(sector, b"\0")


def _record(name: bytes, sector: int, size: int, flags: int = 0) -> bytes:
    """A directory entry (ECMA-119, 9.1)."""
    length = 33 + len(name) + (len(name) + 1) % 2
    head = struct.pack("<BBIIII7sB", length, 0, sector, 0, size, 0, bytes(7), flags)
    return (head + struct.pack("<BBIB", 0, 0, 0, len(name)) + name).ljust(length, b"\0")
