"""Who is a stranger, and which mail is a report."""

import pytest

from dashboard.domain.parsing import parse
from dashboard.domain.strangers import followed, is_report, strangers
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
    assert [url.host for _, url in strangers(message, ("example.org",))] == [
        "c.example"
    ]


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
