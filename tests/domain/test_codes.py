"""QR codes: read in every format, never at any price."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from dashboard.domain import codes, views
from dashboard.domain.engine import examine
from dashboard.domain.evidence import read
from dashboard.domain.message import LinkKind
from dashboard.domain.parsing import parse
from tests.codes import code, mail, saved
from tests.quick import is_quick

URL = "https://login.example.net/a?b=1"
PICTURE = saved(code(URL))


def document(*pictures):
    return saved(pictures[0], "PDF", save_all=True, append_images=pictures[1:])


def encrypted(content, password, algorithm):
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(password, "owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


class TestRead:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
    def test_finds_the_text_in_every_format(self, kind):
        assert codes.read(saved(code(URL), kind)) == (URL,)

    def test_finds_it_on_a_page(self):
        assert codes.read(document(code("one"), code("two"))) == ("one", "two")

    @pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
    def test_finds_it_where_the_document_is_encrypted_without_a_password(
        self, algorithm
    ):
        assert codes.read(encrypted(document(code(URL)), "", algorithm)) == (URL,)

    def test_finds_nothing_behind_a_password(self):
        locked = encrypted(document(code(URL)), "secret", "AES-256")

        assert codes.read(locked) == ()

    def test_finds_it_where_its_kind_is_spelt_by_numbers(self):
        plain = document(code(URL)).replace(b" /Image\n", b"/#49mage")
        spelt = plain.replace(b"/ImageB", b"/Pixels")

        assert b"/Image" not in spelt
        assert codes.read(spelt) == (URL,)

    def test_finds_it_where_the_ground_is_transparent(self):
        picture = Image.new("RGBA", (300, 300))
        dark = code(URL).resize((260, 260))
        picture.paste((0, 0, 0, 255), (20, 20), dark.point(lambda p: 255 - p))

        assert codes.read(saved(picture)) == (URL,)

    def test_finds_it_in_a_large_picture(self):
        picture = Image.new("L", (3000, 2000), 255)
        picture.paste(code(URL).resize((600, 600)), (100, 100))

        assert codes.read(saved(picture, "JPEG")) == (URL,)

    def test_looks_at_the_same_file_once(self, monkeypatch):
        monkeypatch.setattr(codes, "_known", {})
        seen = []
        monkeypatch.setattr(codes, "read", lambda content: seen.append(content) or ())
        for content in (b"one", b"two", b"one", b"two"):
            codes.read_known(content, content.decode())
        assert seen == [b"one", b"two"]

    def test_remembers_so_many_files(self, monkeypatch):
        known = {}
        monkeypatch.setattr(codes, "_known", known)
        monkeypatch.setattr(codes, "MAX_KNOWN", 2)
        for name in ("one", "two", "three"):
            codes.read_known(b"", name)
        assert list(known) == ["three"]

    def test_remembers_no_long_code(self, monkeypatch):
        known = {}
        monkeypatch.setattr(codes, "_known", known)
        monkeypatch.setattr(codes, "read", lambda content: ("x" * 4000,))
        assert codes.read_known(b"", "one") == ("x" * 4000,)
        assert known == {}

    def test_gives_the_same_answer_every_time(self):
        assert codes.read(PICTURE) == codes.read(PICTURE)

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"\x89PNG\r\n\x1a\n" + b"x" * 99, id="no-picture"),
            pytest.param(PICTURE[:80], id="cut-short"),
            pytest.param(b"%PDF-1.7\n1 0 obj\n<<", id="no-document"),
            pytest.param(b"II*\x00" + PICTURE, id="not-looked-into"),
            pytest.param(saved(Image.new("L", (1, 1))), id="a-tracking-pixel"),
        ],
    )
    def test_finds_nothing_where_nothing_is(self, content):
        assert codes.read(content) == ()

    @given(st.data())
    @settings(max_examples=100, deadline=None)
    def test_raises_nothing_on_a_broken_file(self, data):
        whole = data.draw(st.sampled_from([PICTURE, document(code("one"))]))
        at = data.draw(st.integers(0, len(whole) - 1))
        broken = whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + 3 :]

        assert isinstance(codes.read(broken), tuple)


class TestBounds:
    def test_a_picture_that_unpacks_to_far_more_is_not_unpacked(self):
        packed = bomb(60_000, 60_000)

        assert codes.read(packed) == ()
        assert is_quick(lambda: codes.read(packed), 0.5)

    def test_a_large_file_is_not_opened(self, monkeypatch):
        monkeypatch.setattr(codes, "MAX_BYTES", 100)

        assert codes.read(PICTURE) == ()

    def test_a_document_without_pictures_is_not_opened(self, monkeypatch):
        monkeypatch.delattr(codes, "PdfReader")  # to open one would raise

        assert codes.read(b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj") == ()

    def test_only_the_first_pages_are_read(self, monkeypatch):
        monkeypatch.setattr(codes, "MAX_PAGES", 1)

        assert codes.read(document(code("one"), code("two"))) == ("one",)

    def test_only_the_first_files_of_a_message_are_read(self, monkeypatch):
        monkeypatch.setattr(codes, "MAX_FILES", 2)
        message = parse(mail(*[("image/png", PICTURE)] * 4))

        assert len(message.links) == 2


class TestMessage:
    def test_has_the_link_of_a_code_like_any_other(self):
        (link,) = parse(mail(("image/png", PICTURE))).links

        assert (link.url, link.kind, link.place.part) == (URL, LinkKind.QR, "2")

    def test_reads_back_what_stands_in_a_code(self):
        message = parse(mail(("image/png", saved(code(f"Pay at {URL} now")))))

        assert read(message, message.links[0].place) == URL

    def test_has_no_code_that_is_not_there(self):
        message = parse(mail(("image/png", PICTURE)))
        place = message.links[0].place
        with pytest.raises(LookupError):
            read(parse(mail(("image/png", saved(Image.new("L", (90, 90)))))), place)

    def test_shows_it_among_its_links(self):
        shown = views.tabs(parse(mail(("application/pdf", document(code(URL))))))

        assert [link["kind"] for link in shown["links"]] == ["qr"]

    def test_is_examined_with_it_and_still_says_what_was_not_read(self):
        assessment = examine(mail(("image/png", PICTURE))).assessment

        assert "qr-link" in {each.finding.rule for each in assessment.findings}
        assert "image-text" in {each.check for each in assessment.not_checked}

    def test_that_says_it_is_something_else_is_looked_at_all_the_same(self):
        assert parse(mail(("application/octet-stream", PICTURE))).links


def bomb(width, height):
    """A PNG file of so many black pixels, in a few hundred kilobytes."""
    held = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    held.seek(0, io.SEEK_END)
    line = zlib.compress(b"\0" * 20_000_000, 9)
    about = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    for name, content in ((b"IHDR", about), (b"IDAT", line), (b"IEND", b"")):
        check = zlib.crc32(name + content)
        held.write(struct.pack(">I", len(content)) + name + content)
        held.write(struct.pack(">I", check))
    return held.getvalue()
