"""Documents that bring programs."""

import pytest

from dashboard.domain.detectors.attachment_macro import detect
from tests.domain.detectors.archives import ole, zipped
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            carrying("a.docx", zipped("word/document.xml")), [], id="a document"
        ),
        pytest.param(
            carrying("a.docx", zipped("word/document.xml", "word/vbaProject.bin")),
            ["attachment-macro"],
            id="a project inside",
        ),
        pytest.param(carrying("a.docm", b"x"), ["attachment-macro"], id="by name"),
        pytest.param(carrying("a.doc", ole("WordDocument")), [], id="an old document"),
        pytest.param(
            carrying("a.doc", ole("WordDocument", "_VBA_PROJECT")),
            ["attachment-macro"],
            id="an old one with a project",
        ),
        pytest.param(carrying("a.doc", ole("VBA")[:700]), [], id="cut short"),
    ],
)
def test_finds_macro_storage(raw, expected):
    assert rules(detect, raw) == expected
