"""Mail without its number, or with a stranger's."""

import pytest

from dashboard.domain.detectors.header_identity import detect
from tests.domain.detectors.mail import plain, rules, signed


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="its own"),
        pytest.param(plain(Message_ID=None), ["header-missing-message-id"], id="none"),
        pytest.param(
            plain(Message_ID="<1@mail.gmail.com>"),
            [],
            id="a free mail service, unchecked",
        ),
        pytest.param(
            signed("<1@mail.gmail.com>", "fail"),
            ["header-message-id-mismatch"],
            id="and failed",
        ),
        pytest.param(signed("<1@mail.gmail.com>", "pass"), [], id="and passed"),
        pytest.param(
            signed("<1@a.prod.outlook.com>", "fail"),
            [],
            id="a company's mail at a large host",
        ),
    ],
)
def test_reads_the_number(raw, expected):
    assert rules(detect, raw) == expected
