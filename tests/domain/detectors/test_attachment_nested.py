"""A mail inside the mail."""

import pytest

from dashboard.domain.detectors.attachment_nested import detect
from tests.domain.detectors.mail import carrying, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="none"),
        pytest.param(
            carrying("old.eml", b"From: a@example.com\r\n\r\nx", "message/rfc822"),
            ["attachment-nested-message"],
            id="one",
        ),
        pytest.param(carrying("old.txt", b"From: me"), [], id="a text"),
    ],
)
def test_knows_mails(raw, expected):
    assert rules(detect, raw) == expected
