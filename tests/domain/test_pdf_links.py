"""Where a document leads, however it is packed."""

import time
import zlib

import pytest

from dashboard.domain import pdf_links

LINK = b"<< /Type /Action /S /URI /URI (https://login.example/%s) >>"


def document(*objects: bytes) -> bytes:
    return b"%PDF-1.4\n" + b"\n".join(objects) + b"\n%%EOF\n"


def packed(content: bytes) -> bytes:
    head = b"5 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\n"
    return head + zlib.compress(content) + b"\nendstream endobj"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(document(LINK % b"a"), ("https://login.example/a",), id="plain"),
        pytest.param(
            document(packed(LINK % b"a")), ("https://login.example/a",), id="packed"
        ),
        pytest.param(
            document(LINK % b"a", LINK % b"b", LINK % b"a"),
            ("https://login.example/a", "https://login.example/b"),
            id="each once",
        ),
        pytest.param(
            document(LINK % rb"a\(b\)"), ("https://login.example/a(b)",), id="escaped"
        ),
        pytest.param(document(), (), id="no link"),
        pytest.param(LINK % b"a", (), id="no document"),
        pytest.param(b"", (), id="nothing"),
        pytest.param(
            document(packed(b"")[:-30] + b"\x00\xff broken"), (), id="a broken pack"
        ),
        pytest.param(
            document(LINK % b"a") + b" " * pdf_links.MAX_BYTES, (), id="too large"
        ),
    ],
)
def test_reads(content, expected):
    assert pdf_links.read(content) == expected


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(b"/URI (", id="open links"),
        pytest.param(b"/URI (\\", id="open escapes"),
        pytest.param(b"/ObjStm ", id="open packs"),
        pytest.param(packed(b"\x00" * 5_000_000), id="bombs"),
        pytest.param(b"/URI" + b" " * 50, id="spaces"),
    ],
)
def test_reads_hostile_bytes_in_linear_time(piece):
    content = document(piece * (pdf_links.MAX_BYTES // len(piece) - 1))
    begin = time.thread_time()
    pdf_links.read(content)
    assert time.thread_time() - begin < 1
