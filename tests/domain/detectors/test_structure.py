"""Limits on hostile input."""

import pytest

from dashboard.domain.detectors.structure import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="none"),
        pytest.param(
            b"X: " + b"a" * 70000 + b"\r\n" + plain(),
            ["structure-breach"],
            id="an endless header",
        ),
    ],
)
def test_reports_breaches(raw, expected):
    assert rules(detect, raw) == expected
