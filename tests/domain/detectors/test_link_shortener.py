"""Short links."""

import pytest

from dashboard.domain.detectors.link_shortener import detect
from tests.domain.detectors.mail import discussing, linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://example.com/abc"), [], id="a long link"),
        pytest.param(
            linked("https://bit.ly/abc"), ["link-shortener"], id="a short link"
        ),
        pytest.param(
            discussing(plain("Gone now.\r\n> https://bit.ly/abc\r\n")),
            [],
            id="in a quoted line",
        ),
        pytest.param(
            plain("> Gone?\r\nhttps://bit.ly/abc\r\n"),
            ["link-shortener"],
            id="behind a quoted line",
        ),
        pytest.param(linked("https://habit.ly/abc"), [], id="a name that ends alike"),
    ],
)
def test_knows_shorteners(raw, expected):
    assert rules(detect, raw) == expected
