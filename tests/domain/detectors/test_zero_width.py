"""Invisible characters inside words."""

import pytest

from dashboard.domain.detectors.zero_width import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="none"),
        pytest.param(
            plain("pass\u200bword ver\u200bify acc\u200bount"),
            ["zero-width-text"],
            id="three words cut",
        ),
        pytest.param(plain("pass\u200bword ver\u200bify"), [], id="two"),
        pytest.param(
            plain(Subject="Pay\u200bPal"), ["zero-width-text"], id="in the subject"
        ),
        pytest.param(
            plain(From='"Pay\u200bPal" <a@example.com>'),
            ["zero-width-text"],
            id="in the sender's name",
        ),
        pytest.param(plain(From='"می\u200cخواهم" <a@example.com>'), [], id="a name"),
        pytest.param(plain("می\u200cخواهم " * 5), [], id="Persian"),
        pytest.param(plain("a \u200b b \u200b c \u200b d"), [], id="between words"),
    ],
)
def test_counts_cuts(raw, expected):
    assert rules(detect, raw) == expected
