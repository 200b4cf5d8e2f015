"""An answer that quotes what it answers."""

import pytest

from dashboard.domain.detectors.genuine_thread import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            plain("> one\r\n> two\r\nYes.", In_Reply_To="<1@example.org>"),
            ["thread-genuine"],
            id="both",
        ),
        pytest.param(plain("Yes.", In_Reply_To="<1@example.org>"), [], id="no quote"),
        pytest.param(plain("> one\r\n> two\r\nYes."), [], id="no reference"),
    ],
)
def test_needs_both(raw, expected):
    assert rules(detect, raw) == expected
