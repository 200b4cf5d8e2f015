"""A link that names a company and leads elsewhere."""

import pytest

from dashboard.domain.detectors.link_brand import detect
from tests.domain.detectors.mail import linked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            linked("https://www.paypal.com/", "PayPal"), [], id="to the company"
        ),
        pytest.param(
            linked("https://evil.example/", "Log in to PayPal"),
            ["link-brand-mismatch"],
            id="a call to sign in",
        ),
        pytest.param(
            linked("https://evil.example/", "How PayPal changed our shop"),
            [],
            id="prose",
        ),
        pytest.param(
            linked("https://www.example.com/pay", "PayPal"),
            [],
            id="the sender's own page",
        ),
    ],
)
def test_reads_link_names(raw, expected):
    assert rules(detect, raw) == expected
