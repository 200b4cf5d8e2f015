"""Dates that cannot be true."""

import pytest

from dashboard.domain.detectors.header_date import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="the same day"),
        pytest.param(
            plain(Date="Sat, 24 Oct 2026 09:00:00 +0000"), [], id="nine days late"
        ),
        pytest.param(
            plain(Date="Thu, 22 Oct 2026 08:00:00 +0000"),
            ["header-date-anomaly"],
            id="eleven days late",
        ),
        pytest.param(
            plain(Date="Mon, 2 Nov 2026 20:00:00 +0000"), [], id="eleven hours ahead"
        ),
        pytest.param(
            plain(Date="Mon, 2 Nov 2026 22:00:00 +0000"),
            ["header-date-anomaly"],
            id="thirteen hours ahead",
        ),
        pytest.param(plain(Date=None), ["header-date-anomaly"], id="none"),
        pytest.param(plain(Date="soon"), ["header-date-anomaly"], id="unreadable"),
        pytest.param(
            plain(Received="by x; nonsense"), [], id="an arrival nobody can read"
        ),
    ],
)
def test_compares_with_arrival(raw, expected):
    assert rules(detect, raw) == expected
