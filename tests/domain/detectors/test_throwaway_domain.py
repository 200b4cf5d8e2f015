"""Endings that are used once."""

import pytest

from dashboard.domain.detectors.throwaway_domain import detect
from tests.domain.detectors.mail import linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="usual endings"),
        pytest.param(
            plain(From="a@offers.top"), ["sender-throwaway-ending"], id="of a sender"
        ),
        pytest.param(
            linked("https://win.icu/"), ["link-throwaway-ending"], id="of a link"
        ),
        pytest.param(
            plain(From="a@desk.onmicrosoft.com"),
            ["sender-throwaway-ending"],
            id="a tenant's first name",
        ),
        pytest.param(
            plain(From="postmaster@desk.onmicrosoft.com"), [], id="a tenant's reports"
        ),
        pytest.param(linked("https://win.icu.example.com/"), [], id="not at the end"),
    ],
)
def test_knows_cheap_endings(raw, expected):
    assert rules(detect, raw) == expected
