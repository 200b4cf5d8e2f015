"""A From line built to mislead."""

import pytest

from dashboard.domain.detectors.sender_malformed import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="one address"),
        pytest.param(
            plain(From="a@example.com, b@example.com", Sender="a@example.com"),
            [],
            id="two, with a Sender",
        ),
        pytest.param(plain(From="MAILER-DAEMON"), [], id="a mail server"),
        pytest.param(plain(From=None), ["sender-malformed"], id="none"),
        pytest.param(
            plain(From="a@example.com, b@example.net"), ["sender-malformed"], id="two"
        ),
        pytest.param(plain(From="somebody"), ["sender-malformed"], id="no address"),
        pytest.param(
            plain(From='"Bank <a@bank.example>" <b@example.com>'),
            ["sender-malformed"],
            id="an address in the name",
        ),
    ],
)
def test_reads_the_from_line(raw, expected):
    assert rules(detect, raw) == expected
