"""The reader's own house in a stranger's mouth."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.reader_domain import detect
from tests.domain.detectors.mail import OWN, linked, plain, rules

AWAY = "https://other.example/v/1"
READER = "reader@harbour.example"


def called(name, **headers):
    return plain(From=f'"{name}" <a@example.com>', To=READER, **headers)


def from_(name, mailbox):
    return plain(From=f'"{name}" <{mailbox}>', To=READER)


def luring(name, url=AWAY, label="Click here", **headers):
    return linked(url, label, From=f'"{name}" <a@example.com>', To=READER, **headers)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(called("harbour.example Webmail"), id="the domain as a name"),
        pytest.param(called("HARBOUR.EXAMPLE"), id="in capitals"),
        pytest.param(called("robin@harbour.example via Dropbox"), id="via nobody"),
        pytest.param(
            from_("harbour.example", "no-reply@dropbox.com"), id="at a known company"
        ),
        pytest.param(
            from_("harbour.example via Google", "a@gmail.com"), id="at a free one"
        ),
        pytest.param(called("hаrbour.example"), id="in letters that look alike"),
        pytest.param(luring("Harbour Mail Desk"), id="its label beside a call"),
        pytest.param(
            luring("Desk", Subject="harbour.example: mail waits"),
            id="in the subject beside a call",
        ),
    ],
)
def test_reports_who_speaks_for_the_readers_house(raw):
    assert rules(detect, raw) == ["reader-domain-borrowed"]


def test_knows_our_house_when_the_mail_names_no_reader():
    raw = plain(From="example.org Webmail <a@example.com>", To=None)

    assert rules(detect, raw, OWN) == ["reader-domain-borrowed"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(called("Desk"), id="another name"),
        pytest.param(called("Harbour Pilots"), id="the label and nothing to click"),
        pytest.param(luring("Harbours of Europe"), id="a longer word"),
        pytest.param(
            luring("Desk", "https://my.example.com/", Subject="harbour.example is due"),
            id="a registrar whose page is its own",
        ),
        pytest.param(
            luring("Desk", label="Notes", Subject="Re: harbour.example"),
            id="a discussion with a link",
        ),
        pytest.param(
            plain(From="harbour.example <a@mail.harbour.example>", To=READER),
            id="the house itself",
        ),
        pytest.param(
            plain(From="gmail.com user <a@example.com>", To="a@gmail.com"),
            id="a reader with a free mailbox",
        ),
        pytest.param(
            from_("robin@harbour.example via Dropbox", "no-reply@dropbox.com"),
            id="a known company that says for whom it writes",
        ),
        pytest.param(plain(From=None, To=READER), id="no sender"),
    ],
)
def test_leaves_others_alone(raw):
    assert rules(detect, raw, Context()) == []
