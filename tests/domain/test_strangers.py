"""Who is a stranger, and which mail is a report."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.parsing import parse
from dashboard.domain.strangers import followed, strangers
from dashboard.domain.surroundings import is_report
from tests.domain.detectors.mail import page, plain

LINKS = page(
    '<a href="https://a.example.com/">Us</a><a href="https://b.example.org/">You</a>'
    '<a href="https://c.example/">They</a><a href="https://youtu.be/x">Anybody</a>'
)


def test_leaves_out_sender_reader_and_common_places():
    message = parse(LINKS)

    assert [url.host for _, url in followed(message)] == [
        *("a.example.com", "b.example.org", "c.example"),
    ]
    reader = Context(own_domains=("example.org",))
    assert [url.host for _, url in strangers(message, reader)] == ["c.example"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("<b> &nbsp;&#8203;</b>", 0, id="nothing to be seen"),
        pytest.param("<b>Go</b>", 1, id="a word"),
        pytest.param("<b><img src='cid:x'></b>", 1, id="a picture"),
    ],
)
def test_follows_what_can_be_seen(inside, expected):
    raw = page(f"<a href='https://c.example/'>{inside}</a><p><img src='cid:y'></p>")

    assert len(followed(parse(raw))) == expected


def test_follows_the_parts_of_a_picture():
    raw = page("<map><area href='https://c.example/'></map>")

    assert len(followed(parse(raw))) == 1


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        pytest.param("Mail Delivery System <a@example.com>", True, id="by its name"),
        pytest.param("MAILER-DAEMON@example.com", True, id="by its mailbox"),
        pytest.param("Parcel Delivery <a@example.com>", False, id="another delivery"),
    ],
)
def test_knows_reports(sender, expected):
    assert is_report(parse(plain(From=sender))) is expected
