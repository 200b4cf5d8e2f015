"""Files that are not what they are called."""

import pytest

from dashboard.domain.detectors.attachment_type import detect
from tests.domain.detectors.archives import zipped
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(carrying("a.pdf", b"%PDF-1.4"), [], id="what it says"),
        pytest.param(carrying("a.jpg", b"\x89PNG\r\n\x1a\n"), [], id="another picture"),
        pytest.param(
            carrying("a.docx", zipped("word/document.xml")),
            [],
            id="a document is a zip",
        ),
        pytest.param(
            carrying("a.pdf", b"MZ" + bytes(80)),
            ["attachment-type-mismatch"],
            id="a program",
        ),
        pytest.param(
            carrying("a.pdf", b"<html><body>x"),
            ["attachment-type-mismatch"],
            id="a page",
        ),
        pytest.param(carrying("a", b"%PDF-1.4"), [], id="no ending"),
    ],
)
def test_compares_name_and_content(raw, expected):
    assert rules(detect, raw) == expected
