"""Writes mail the way Outlook saves it: a compound file with a folder a thing."""

import struct
from datetime import UTC, datetime

SECTOR, SMALL_SECTOR, LARGE = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
HEADERS, BODY, HTML = 0x007D, 0x1000, 0x1013
SUBJECT, SENDER_NAME, SENDER = 0x0037, 0x0C1A, 0x0C1F
NAME, ADDRESS, KIND, SENT = 0x3001, 0x39FE, 0x0C15, 0x0039
FILE_NAME, FILE_MIME, FILE_BYTES, FILE_METHOD = 0x3707, 0x370E, 0x3701, 0x3705
RICH = 0x1009
TEXT, BINARY, NUMBER, TIME = 0x001F, 0x0102, 0x0003, 0x0040
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def msg(*, recipients=(), files=(), **values):
    """A mail with these properties; files are (name, media type, content)."""
    folders = {"": (32, values)}
    for n, (name, address, kind) in enumerate(recipients):
        own = {"NAME": name, "ADDRESS": address, "KIND": kind}
        folders[f"__recip_version1.0_#{n:08X}"] = (8, own)
    for n, (name, mime, content) in enumerate(files):
        own = {"FILE_NAME": name, "FILE_MIME": mime, "FILE_METHOD": 1}
        if content is not None:
            own["FILE_BYTES"] = content
        folders[f"__attach_version1.0_#{n:08X}"] = (8, own)
    return compound({name: _streams(*each) for name, each in folders.items()})


def _streams(offset, values):
    """The streams of a folder: each long value, and the list of all of them."""
    streams, listed = {}, b"\0" * offset
    for name, value in values.items():
        tag = globals()[name]
        kind, stored = _stored(value)
        if isinstance(stored, bytes):
            streams[f"__substg1.0_{tag:04X}{kind:04X}"] = stored
            length = len(stored) + (2 if kind == TEXT else 0)
            listed += struct.pack("<HHIII", kind, tag, 6, length, 0)
        else:
            listed += struct.pack("<HHIQ", kind, tag, 6, stored)
    return {**streams, "__properties_version1.0": listed}


def _stored(value):
    if isinstance(value, str):
        return TEXT, value.encode("utf-16-le")
    if isinstance(value, datetime):
        return TIME, int((value - EPOCH).total_seconds() * 10**7)
    return (NUMBER, value) if isinstance(value, int) else (BINARY, value)


def compound(folders):
    """A compound file; `folders` maps names to streams, "" is its root."""
    entries = [["Root Entry", 5, END, 0]]  # name, type, first sector, size
    children, large, small = {0: []}, Store(SECTOR), Store(SMALL_SECTOR)
    for folder, streams in folders.items():
        above = 0
        if folder:
            above = len(entries)
            children[0].append(above)
            children[above] = []
            entries.append([folder, 1, END, 0])
        for name, content in streams.items():
            children[above].append(len(entries))
            store = small if len(content) < LARGE else large
            entries.append([name, 2, store.put(content), len(content)])
    shared = b"".join(small.sectors)
    entries[0][2:] = [large.put(shared), len(shared)]
    listed = b"".join(_entry(n, entries, children) for n in range(len(entries)))
    directory = large.put(listed)
    table = struct.pack(f"<{len(small.chains)}I", *small.chains)
    table += b"\xff" * (-len(table) % SECTOR)
    return _whole(large, directory, large.put(table), len(table) // SECTOR)


class Store:
    """Sectors of one size, and which follows which."""

    def __init__(self, size):
        self.size, self.sectors, self.chains = size, [], []

    def put(self, content):
        first, count = len(self.sectors), -(-len(content) // self.size)
        pieces = range(0, len(content), self.size)
        cut = (content[at : at + self.size] for at in pieces)
        self.sectors += [piece.ljust(self.size, b"\0") for piece in cut]
        self.chains += [*range(first + 1, first + count), END] if count else []
        return first if count else END


def _entry(number, entries, children):
    name, kind, first, size = entries[number]
    above = next((kids for kids in children.values() if number in kids), [])
    after = above[above.index(number) + 1 :] if above else []
    written = (name + "\0").encode("utf-16-le")
    links = (FREE, after[0] if after else FREE, (children.get(number) or [FREE])[0])
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    place = struct.pack("<IQ", first, size)
    return (head + struct.pack("<III", *links) + b"\0" * 36 + place).ljust(128, b"\0")


def _whole(store, directory, small, small_count):
    used, count = len(store.sectors), 1
    while count * 128 < used + count:
        count += 1
    table = [*store.chains, *[FAT] * count]
    table += [FREE] * (count * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, count, directory, 0, LARGE)
    header += struct.pack("<IIII", small, small_count, END, 0)
    places = [*range(used, used + count), *[FREE] * (109 - count)]
    header += struct.pack("<109I", *places)
    return header + b"".join(store.sectors) + struct.pack(f"<{len(table)}I", *table)
