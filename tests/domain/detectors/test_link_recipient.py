"""A link made out to its reader."""

import pytest

from dashboard.domain.detectors.link_recipient import detect
from tests.domain.detectors.mail import linked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://evil.example/?x=1"), [], id="nobody"),
        pytest.param(
            linked("https://evil.example/?e=reader@example.org"),
            ["link-recipient-address"],
            id="plain",
        ),
        pytest.param(
            linked("https://evil.example/#reader%40example.org"),
            ["link-recipient-address"],
            id="percent-encoded",
        ),
        pytest.param(
            linked("https://evil.example/?e=cmVhZGVyQGV4YW1wbGUub3Jn"),
            ["link-recipient-address"],
            id="in base64",
        ),
        pytest.param(
            linked("https://evil.example/?e=x-reader@example.org&f=reader@example.org"),
            ["link-recipient-address"],
            id="behind a longer one",
        ),
        pytest.param(
            linked("https://evil.example/?e%3Dreader%40example.org"),
            ["link-recipient-address"],
            id="behind a coded sign",
        ),
        pytest.param(
            linked("https://lists.example/20261101-2-reader@example.org/t/"),
            [],
            id="the number of a mail",
        ),
        pytest.param(
            linked("https://www.example.com/?e=reader@example.org"),
            [],
            id="at the sender",
        ),
        pytest.param(
            linked("https://x.example/unsubscribe?e=reader@example.org"),
            [],
            id="to leave a list",
        ),
    ],
)
def test_finds_the_reader(raw, expected):
    assert rules(detect, raw) == expected
