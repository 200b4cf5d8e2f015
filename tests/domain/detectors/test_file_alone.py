"""A file and hardly a word."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.file_alone import LEAST_TEXT, RULE, detect
from tests.domain.detectors.mail import OWN, answering, carrying, plain, rules

WORDS = "See the minutes. "


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(""), id="no file"),
        pytest.param(carrying("photo.jpg", b"x", "image/jpeg"), id="a picture"),
        pytest.param(carrying("mail.p7s", b"x"), id="a signature"),
        pytest.param(carrying("fix.patch", b"x"), id="a patch"),
        pytest.param(
            carrying("minutes.pdf", b"x", text=WORDS * (LEAST_TEXT // 16 + 1)),
            id="a letter beside it",
        ),
        pytest.param(
            carrying("minutes.pdf", b"x", text="https://example.com/"), id="a link"
        ),
    ],
)
def test_is_silent_about(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize("name", ["Remittance.pdf", "Order.XLSX", "copy.htm", "a.zip "])
def test_reports(name):
    assert rules(detect, carrying(name, b"x", text="See attached")) == [RULE]


def scanned(results: str = "") -> bytes:
    raw = carrying("scan.pdf", b"x", text="").replace(
        b"From: Desk <desk@example.com>", b"From: Scanner <scanner@example.org>"
    )
    return f"Authentication-Results: {results}\r\n".encode() + raw if results else raw


CHECKED = Context(trusted_servers=("mx.example.org",), own_domains=("example.org",))


@pytest.mark.parametrize(
    ("raw", "context", "expected"),
    [
        pytest.param(scanned(), OWN, [], id="of our own"),
        pytest.param(
            scanned("mx.example.org; dmarc=pass header.from=example.org"),
            CHECKED,
            [],
            id="of our own and confirmed",
        ),
        pytest.param(
            scanned("mx.example.org; dmarc=fail header.from=example.org"),
            CHECKED,
            [RULE],
            id="in our name",
        ),
        pytest.param(scanned(), Context(), [RULE], id="of a house that is not ours"),
        pytest.param(carrying("scan.pdf", b"x", text=""), OWN, [RULE], id="another's"),
    ],
)
def test_tells_our_own_scanner(raw, context, expected):
    assert rules(detect, raw, context) == expected


def test_is_not_silenced_by_a_mail_that_is_only_named():
    raw = carrying("minutes.pdf", b"x", text="Here.\n\n> Send it")

    assert rules(detect, answering(raw)) == ["file-alone"]
