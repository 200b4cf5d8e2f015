"""Where a document leads, however it is packed."""

import zlib

import pytest

from dashboard.domain import pdf_links
from tests.quick import is_quick

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
        pytest.param(
            document(LINK % b"(a)/(b)"), ("https://login.example/(a)/(b)",), id="nested"
        ),
        pytest.param(
            document(rb"/URI (https:\057\057login.example/\050a\51)"),
            ("https://login.example/(a)",),
            id="in octal digits",
        ),
        pytest.param(
            document(b"/URI (https://login\\\n.example/a\\tb)"),
            ("https://login.example/a\tb",),
            id="over two lines",
        ),
        pytest.param(
            document(rb"/URI (\ddd\9\7771)"), ("ddd9\xff1",), id="no octal digits"
        ),
        pytest.param(
            document(b"/URI <FEFF0068007400740070003A002F002F0061>"),
            ("http://a",),
            id="in digits of two bytes",
        ),
        pytest.param(
            document(b"/#55R#49 (https://a.test)"),
            ("https://a.test",),
            id="a coded name",
        ),
        pytest.param(
            document(b"/URI 7 0 R", b"17 0 obj (no) 7 0 obj (https://a.test) endobj"),
            ("https://a.test",),
            id="an object of its own",
        ),
        pytest.param(document(b"/URI 7 0 R"), (), id="an object that is missing"),
        pytest.param(
            document(packed(LINK % b"a").replace(b" >> s", b"/P << /X 1 >> >> s")),
            ("https://login.example/a",),
            id="packed behind more",
        ),
        pytest.param(
            document(b"/URI <68747470733A 2f2f612e746573743>"),
            ("https://a.test0",),
            id="in digits",
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
        pytest.param(b"/URI 1 0 R ", id="references"),
        pytest.param(b"/#55", id="coded names"),
        pytest.param(b"/ObjStm ", id="open packs"),
        pytest.param(packed(b"\x00" * 5_000_000), id="bombs"),
        pytest.param(b"/URI" + b" " * 50, id="spaces"),
        pytest.param(b"/URI (" + rb"\a" * 2000, id="escapes"),
        pytest.param(b"/URI (" + b"(a)" * 2000, id="parentheses"),
        pytest.param(b"/URI <" + b"3 " * 2000, id="digits"),
    ],
)
def test_reads_hostile_bytes_in_linear_time(piece):
    content = document(piece * (pdf_links.MAX_BYTES // len(piece) - 1))

    assert is_quick(lambda: pdf_links.read(content), 0.2)


@pytest.mark.parametrize("spent", ["signs", "packs", "unpacked"])
def test_reads_no_further_when_the_budget_is_spent(spent):
    content = document(packed(LINK % b"a"))
    budget = pdf_links.Budget()

    assert pdf_links.read(content, budget)
    setattr(budget, spent, 0)
    assert pdf_links.read(content, budget) == ()


def test_documents_of_a_message_share_a_budget():
    budget = pdf_links.Budget()
    left = (budget.signs, budget.packs, budget.unpacked)

    pdf_links.read(document(packed(LINK % b"a")), budget)

    assert (budget.signs, budget.packs) == (left[0] - 2, left[1] - 1)
    assert budget.unpacked == left[2] - len(LINK % b"a")
