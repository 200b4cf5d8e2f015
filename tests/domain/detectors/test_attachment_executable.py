"""Programs sent as files."""

import pytest

from dashboard.domain.detectors.attachment_executable import detect
from tests.domain.detectors.archives import disc, zipped
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(carrying("minutes.pdf", b"%PDF-1.4"), [], id="a document"),
        pytest.param(
            carrying("tool.exe", b"text"), ["attachment-executable"], id="by name"
        ),
        pytest.param(
            carrying("minutes.pdf", b"MZ" + bytes(80)),
            ["attachment-executable"],
            id="by content",
        ),
        pytest.param(
            carrying("files.zip", zipped("order.js")),
            ["attachment-executable"],
            id="in an archive",
        ),
        pytest.param(
            carrying("files.zip", zipped("order.csv")), [], id="an archive of documents"
        ),
        pytest.param(
            carrying("label.iso", b"x"), ["attachment-disk-image"], id="a disk"
        ),
        pytest.param(
            carrying("label.iso", disc("LABEL.EXE;1")),
            ["attachment-disk-image", "attachment-executable"],
            id="a program on a disk",
        ),
        pytest.param(
            carrying("label.pdf", disc("Label.lnk", joliet=True)),
            ["attachment-executable"],
            id="a shortcut on a disk by another name",
        ),
        pytest.param(
            carrying("label.iso", disc("LABEL.TXT;1")),
            ["attachment-disk-image"],
            id="a document on a disk",
        ),
        pytest.param(carrying("notes.py", b"import os"), [], id="source code"),
    ],
)
def test_knows_programs(raw, expected):
    assert rules(detect, raw) == expected
