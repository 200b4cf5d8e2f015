"""A name that is an address."""

import pytest

from dashboard.domain.detectors.display_name_address import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="a name"),
        pytest.param(
            plain(From="'desk@example.com' <desk@mail.example.com>"),
            [],
            id="its own address",
        ),
        pytest.param(
            plain(From='"user@localhost" <desk@example.com>'), [], id="no real address"
        ),
        pytest.param(
            plain(From='"service@example.net" <desk@example.com>'),
            ["display-name-address"],
            id="another address",
        ),
        pytest.param(
            plain(From='"__<desk@example.com>&?" <desk@example.com>'),
            [],
            id="its own address among signs",
        ),
        pytest.param(
            plain(From='"__<desk@example.net>&?" <desk@example.com>'),
            ["display-name-address"],
            id="another one among signs",
        ),
        pytest.param(
            plain(From='"Bank <info@example.net>" <desk@example.com>'),
            ["display-name-address"],
            id="an address in brackets",
        ),
    ],
)
def test_reads_the_name(raw, expected):
    assert rules(detect, raw) == expected
