"""File names that disguise."""

import pytest

from dashboard.domain.detectors.attachment_name import detect
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(carrying("minutes.pdf", b"%PDF-1.4"), [], id="a document"),
        pytest.param(carrying("v1.2.pdf", b"%PDF-1.4"), [], id="a version"),
        pytest.param(carrying("data.tar.gz", b"\x1f\x8b"), [], id="an archive"),
        pytest.param(
            carrying("invoice.pdf.exe", b"MZ"),
            ["attachment-double-extension"],
            id="a program",
        ),
        pytest.param(
            carrying("scan.pdf.html", b"<p>x"),
            ["attachment-double-extension"],
            id="a page",
        ),
        pytest.param(carrying("page.html.html", b"<p>x"), [], id="twice the same"),
        pytest.param(
            carrying("invoice\u202efdp.exe", b"MZ"),
            ["attachment-rtl-name"],
            id="backwards",
        ),
        pytest.param(carrying("خطاب.pdf", b"%PDF-1.4"), [], id="an Arabic name"),
    ],
)
def test_reads_names(raw, expected):
    assert rules(detect, raw) == expected
