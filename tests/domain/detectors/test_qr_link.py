"""A link that stands in a picture alone."""

import pytest

from dashboard.domain.detectors.qr_link import detect
from tests.codes import code, mail, saved
from tests.domain.detectors.mail import OWN, rules

FAR = saved(code("https://login.example.net/a"))
HOME = saved(code("https://www.example.com/a"))
OURS = saved(code("https://portal.example.org/a"))
WORDS = saved(code("Table 12, seat 3"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(mail(("image/png", WORDS)), [], id="words"),
        pytest.param(mail(("image/png", HOME)), [], id="the-sender's"),
        pytest.param(mail(("image/png", OURS)), [], id="the-reader's"),
        pytest.param(
            mail(("image/png", FAR), body="See https://example.net/help"),
            [],
            id="written-as-well",
        ),
        pytest.param(mail(("image/png", FAR)), ["qr-link"], id="elsewhere"),
        pytest.param(
            mail(("image/png", FAR), body="See https://example.com/help"),
            ["qr-link"],
            id="beside-another-link",
        ),
    ],
)
def test_it_is_reported_where_no_written_link_goes_there(raw, expected):
    assert rules(detect, raw, OWN) == expected
