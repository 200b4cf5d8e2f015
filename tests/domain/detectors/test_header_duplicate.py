"""Headers that stand twice."""

import pytest

from dashboard.domain.detectors.header_duplicate import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="once"),
        pytest.param(
            b"Subject: Other\r\n" + plain(), ["header-duplicate"], id="twice, different"
        ),
        pytest.param(b"Subject: The minutes\r\n" + plain(), [], id="twice the same"),
        pytest.param(b"Received: by y\r\n" + plain(), [], id="one that may repeat"),
    ],
)
def test_counts_headers(raw, expected):
    assert rules(detect, raw) == expected
