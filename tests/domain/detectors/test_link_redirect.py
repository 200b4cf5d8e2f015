"""A respectable host that passes readers on."""

import base64

import pytest

from dashboard.domain.detectors.link_redirect import detect
from tests.domain.detectors.mail import linked, rules

CODED = base64.b64encode(b"https://evil.test/login").decode()


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
            linked("https://example.com/?u=https://evil.example/", "View document"),
            [],
            id="home",
        ),
        pytest.param(
            linked("https://other.example/?u=https://evil.test/", "View document"),
            ["link-redirect"],
            id="a stranger's that calls",
        ),
        pytest.param(
            linked(f"https://other.example/#{CODED}", "View document"),
            ["link-redirect"],
            id="in base64 behind the page",
        ),
        pytest.param(
            linked("https://other.example/#aHR0cHM6Ly9", "View document"),
            [],
            id="base64 cut short",
        ),
        pytest.param(
            linked("https://other.example/?u=https://evil.test/", "Our desk"),
            [],
            id="a stranger's that calls nobody",
        ),
        pytest.param(
            linked("https://other.example/?u=https://example.com/", "View document"),
            [],
            id="a counter on the way home",
        ),
    ],
)
def test_looks_inside(raw, expected):
    assert rules(detect, raw) == expected
