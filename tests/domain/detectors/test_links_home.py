"""Links that stay with a confirmed sender."""

import pytest

from dashboard.domain.detectors.links_home import detect
from tests.domain.detectors.mail import checked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            checked("example.com", "pass", "https://www.example.com/"),
            ["links-all-home"],
            id="home",
        ),
        pytest.param(
            checked("example.com", "pass", "https://other.example/"), [], id="elsewhere"
        ),
        pytest.param(
            checked("example.com", "fail", "https://www.example.com/"),
            [],
            id="not confirmed",
        ),
        pytest.param(checked("example.com", "pass"), [], id="no links"),
    ],
)
def test_needs_both(raw, expected):
    assert rules(detect, raw) == expected
