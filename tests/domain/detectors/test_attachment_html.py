"""Web pages sent as files."""

import pytest

from dashboard.domain.detectors.attachment_html import detect
from tests.domain.detectors.archives import BLOB, UNPACK
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(carrying("minutes.pdf", b"%PDF-1.4"), [], id="a document"),
        pytest.param(
            carrying("page.html", b"<html><p>Hello</p>"),
            ["attachment-html"],
            id="a page",
        ),
        pytest.param(
            carrying("page.html", b"<html><script>track()</script>"),
            ["attachment-html"],
            id="a page with a script",
        ),
        pytest.param(
            carrying("page.html", BLOB),
            ["attachment-html", "attachment-html-smuggling"],
            id="a page that builds a file",
        ),
        pytest.param(
            carrying("page.html", UNPACK),
            ["attachment-html", "attachment-html-smuggling"],
            id="a page that unpacks itself",
        ),
        pytest.param(carrying("note.txt", b"<html><p>"), [], id="text"),
    ],
)
def test_reads_pages(raw, expected):
    assert rules(detect, raw) == expected
