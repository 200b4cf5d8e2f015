"""A link that shows one address and opens another."""

import pytest

from dashboard.domain.detectors.link_text import detect
from tests.domain.detectors.mail import linked, rules

SAFE = "https://eur01.safelinks.protection.outlook.com/?url="


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
        pytest.param(
            linked("https://www.bank.com.evil.example/", "https://www.bank.com"),
            ["link-text-mismatch"],
            id="an address that goes on",
        ),
        pytest.param(
            linked("https://www.bank.com@evil.example/", "https://www.bank.com"),
            ["link-text-mismatch"],
            id="an address before the @",
        ),
        pytest.param(
            linked(SAFE + "https%3A%2F%2Fother.example%2F", SAFE + "https..."),
            [],
            id="a rewriter that shows itself",
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
