"""A respectable host that passes readers on."""

import pytest

from dashboard.domain.detectors.link_redirect import detect
from tests.domain.detectors.mail import linked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://www.google.com/maps"), [], id="a page of its own"),
        pytest.param(
            linked("https://www.google.com/url?q=https%3A%2F%2Fevil.example%2F"),
            ["link-redirect"],
            id="to a stranger",
        ),
        pytest.param(
            linked("https://www.google.co.uk/amp/evil.example/a"),
            ["link-redirect"],
            id="in a country, to a stranger",
        ),
        pytest.param(
            linked("https://www.google.com/url?q=https://mail.google.com/"),
            [],
            id="to itself",
        ),
        pytest.param(
            linked("https://example.com/?u=https://evil.example/"),
            [],
            id="an unknown host",
        ),
    ],
)
def test_looks_inside(raw, expected):
    assert rules(detect, raw) == expected
