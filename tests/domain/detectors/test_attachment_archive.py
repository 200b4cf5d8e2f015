"""Locked archives."""

import pytest

from dashboard.domain.detectors.attachment_archive import detect
from tests.domain.detectors.archives import RAR5_LOCKED, zipped
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(carrying("a.zip", zipped("a.txt")), [], id="an open zip"),
        pytest.param(
            carrying("a.zip", zipped("a.txt", locked=True)),
            ["attachment-encrypted-archive"],
            id="a locked zip",
        ),
        pytest.param(
            carrying("a.rar", RAR5_LOCKED),
            ["attachment-encrypted-archive"],
            id="a locked rar",
        ),
        pytest.param(
            carrying("a.zip", b"PK\x03\x04" + bytes(20)), [], id="a broken one"
        ),
    ],
)
def test_knows_locked_ones(raw, expected):
    assert rules(detect, raw) == expected
