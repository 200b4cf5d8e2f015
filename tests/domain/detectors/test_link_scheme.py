"""Links that are pages or programs in themselves."""

import pytest

from dashboard.domain.detectors.link_scheme import detect
from tests.domain.detectors.mail import linked, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://example.com/"), [], id="a page"),
        pytest.param(linked("mailto:desk@example.com"), [], id="a mailbox"),
        pytest.param(
            linked("data:text/html;base64,PGI+"), ["link-data-uri"], id="a page inside"
        ),
        pytest.param(
            linked("javascript:location=1"), ["link-javascript"], id="a program"
        ),
        pytest.param(
            linked("javascript:void(0)"), [], id="a program that does nothing"
        ),
        pytest.param(
            linked("java\tscript:location=1"),
            ["link-javascript"],
            id="a program in disguise",
        ),
    ],
)
def test_reads_schemes(raw, expected):
    assert rules(detect, raw) == expected
