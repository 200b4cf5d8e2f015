"""A link that shows one address and opens another."""

import pytest

from dashboard.domain.detectors.link_text import detect
from tests.domain.detectors.mail import linked, page, rules

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
        pytest.param(linked("https://evil.example/", "$4.12"), [], id="a price"),
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


def newsletter(shown: str, host: str, links: int) -> bytes:
    other = f'<a href="https://{host}/c">More</a>' * (links - 1)
    return page(f'{other}<a href="https://{host}/d">{shown}</a>')


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            newsletter("www.shop.com", "c.example.com", 10),
            "link-text-counted",
            id="own",
        ),
        pytest.param(
            newsletter("www.shop.com", "c.example.com", 9),
            "link-text-mismatch",
            id="few",
        ),
        pytest.param(
            newsletter("www.shop.com", "c.other.example", 10),
            "link-text-mismatch",
            id="a stranger's",
        ),
        pytest.param(
            newsletter("www.paypal.com", "c.example.com", 10),
            "link-text-mismatch",
            id="with a brand",
        ),
    ],
)
def test_tells_a_newsletter_that_counts_from_a_lie(raw, expected):
    assert rules(detect, raw) == [expected]
