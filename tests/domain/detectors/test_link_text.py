"""A link that shows one address and opens another."""

import pytest

from dashboard.domain.detectors.link_text import detect
from tests.domain.detectors.mail import linked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://evil.example/", "Here"), [], id="a word"),
        pytest.param(
            linked("https://www.example.com/a", "example.com"),
            [],
            id="the same organisation",
        ),
        pytest.param(
            linked("https://evil.example/", "https://www.bank.com/login"),
            ["link-text-mismatch"],
            id="another address",
        ),
        pytest.param(
            linked("https://evil.example/", "www.bank.com"),
            ["link-text-mismatch"],
            id="another host",
        ),
        pytest.param(linked("https://evil.example/", "setup.py"), [], id="a file"),
        pytest.param(
            linked("https://evil.example/", "desk@bank.com"), [], id="a mailbox"
        ),
        pytest.param(
            linked("https://x.list-manage.com/c", "www.shop.com"),
            [],
            id="a counted link",
        ),
        pytest.param(
            linked("https://x.list-manage.com/c", "www.paypal.com"),
            ["link-text-mismatch"],
            id="a counted link with a brand",
        ),
    ],
)
def test_compares_text_and_target(raw, expected):
    assert rules(detect, raw) == expected
