"""A single way out, to a stranger."""

import pytest

from dashboard.domain.detectors.link_unrelated import detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import OWN, linked, page, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="no link"),
        pytest.param(linked("https://www.example.com/"), [], id="home"),
        pytest.param(
            linked("https://other.example/"), ["link-unrelated-single"], id="elsewhere"
        ),
        pytest.param(
            linked("https://other.example/", From="a@gmail.com"),
            [],
            id="from a private mailbox",
        ),
        pytest.param(linked("https://www.youtube.com/x"), [], id="a common place"),
        pytest.param(
            page(
                '<a href="https://a.example/">A</a><a href="https://b.example/">B</a>'
            ),
            [],
            id="two places",
        ),
    ],
)
def test_follows_all_links(raw, expected):
    assert rules(detect, raw) == expected


def test_says_so_where_nobody_sent_the_mail():
    message = parse(linked("https://other.example/", From='"The Desk" <>'))

    (finding,) = detect(message, OWN)

    assert "names no sender" in finding.summary
