"""An address to write to that is not the sender's."""

import pytest

from dashboard.domain.detectors.contact_freemail import BEFORE, MOST_SIGNS, RULE, detect
from tests.domain.detectors.mail import answering, discussing, page, plain, rules

ASKED = "Contact the agent by e-mail: claims-desk@gmail.com"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain("Write to desk@example.net."), id="an own domain"),
        pytest.param(plain("claims-desk@gmail.com wrote a poem."), id="not asked for"),
        pytest.param(
            plain("https://example.com/show?id=4471\nA Writer (a-writer@gmail.com)"),
            id="named as an author",
        ),
        pytest.param(
            plain(ASKED, From="Agent <Claims-Desk@gmail.com>"), id="the sender's own"
        ),
        pytest.param(plain(ASKED, Cc="claims-desk@gmail.com"), id="a reader's"),
        pytest.param(
            plain(ASKED, Reply_To="Desk <Claims-Desk@gmail.com>"),
            id="where answers go anyway",
        ),
        pytest.param(
            discussing(plain(f"Good.\n\n> {ASKED}")), id="a line an answer repeats"
        ),
        pytest.param(
            plain(ASKED, From="Mail Delivery System <mailer-daemon@example.com>"),
            id="a server's report",
        ),
        pytest.param(plain(Subject=ASKED), id="in the subject"),
        pytest.param(
            plain("This email was sent to claims-desk@gmail.com."), id="where it went"
        ),
        pytest.param(plain("Write to list@groups.msn.com"), id="a service's own host"),
        pytest.param(plain(f"Write {'or ' * BEFORE} a-b@gmail.com"), id="far from it"),
        pytest.param(
            page('<a href="mailto:desk@example.net">Write</a>'), id="a link elsewhere"
        ),
    ],
)
def test_is_silent_about(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(ASKED), id="told in words"),
        pytest.param(page(f"<p>{ASKED}</p>"), id="told on a page"),
        pytest.param(plain("REPLY TO: Claims-Desk@GMAIL.COM"), id="in capitals"),
        pytest.param(plain("Kontakt: claims-desk@gmx.de"), id="in German"),
        pytest.param(
            plain(ASKED, From="Agent <other-desk@gmail.com>"), id="another private one"
        ),
        pytest.param(
            page('<a href="mailto:claims-desk@gmail.com?subject=yes">Yes</a>'),
            id="behind a link",
        ),
    ],
)
def test_reports(raw):
    assert rules(detect, raw) == [RULE]


def test_reads_no_more_addresses_than_a_letter_holds():
    assert rules(detect, plain("a@b.example " * MOST_SIGNS + ASKED)) == []


def test_is_not_silenced_by_a_mail_that_is_only_named():
    assert rules(detect, answering(plain(ASKED))) == ["contact-freemail"]


def test_is_not_silenced_by_a_line_anyone_can_write():
    assert rules(detect, answering(plain(f"{ASKED}\r\n> Is it?\r\n"))) == [
        "contact-freemail"
    ]
