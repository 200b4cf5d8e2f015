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
