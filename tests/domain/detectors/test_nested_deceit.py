"""A deceit inside an attached mail."""

import pytest

from dashboard.domain.detectors.nested_deceit import detect
from tests.domain.detectors.mail import carrying, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            carrying("old.eml", b"From: a@example.com\r\n\r\nHello", "message/rfc822"),
            [],
            id="an honest mail",
        ),
        pytest.param(
            carrying(
                "old.eml",
                b"From: PayPal <a@example.com>\r\n\r\nHello",
                "message/rfc822",
            ),
            ["nested-deceit"],
            id="a borrowed name",
        ),
    ],
)
def test_looks_inside(raw, expected):
    assert rules(detect, raw) == expected
