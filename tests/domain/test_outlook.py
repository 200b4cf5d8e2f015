"""Mail that Outlook saved, put back into the form in which mail travels."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.engine import examine
from dashboard.domain.outlook import NotRebuilt, rebuild
from dashboard.domain.parsing import parse
from tests.outlook import compound, msg

ARRIVED = (
    "Received: from a.example.org by b.example.org; Fri, 20 Nov 2026 10:00:00 +0000\r\n"
    "From: Facilities <facilities@example.org>\r\nContent-Type: text/plain;\r\n"
    " charset=utf-16\r\nSubject: As it\r\n arrived\r\n\r\nnot a header: x\r\n"
)
SAVED = {
    "SUBJECT": "Żurek",
    "SENDER_NAME": "Zażółć",
    "SENDER": "a@example.org",
    "SENT": datetime(2026, 11, 20, 10, tzinfo=UTC),
    "BODY": "See you at lunch.",
}


def rebuilt(**values):
    return parse(rebuild(msg(**values)))


def unchecked(**values):
    assessment = examine(rebuild(msg(**values))).assessment
    return {each.check for each in assessment.not_checked}


def test_headers_are_those_the_mail_arrived_with():
    message = rebuilt(HEADERS=ARRIVED, SUBJECT="Other", BODY="See you.")

    assert message.subject == "As it arrived"
    assert message.sender.mailbox == "facilities@example.org"
    assert len(message.all("Received")) == 1
    assert message.first("not a header") is None
    assert message.visible_text.strip() == "See you."


def test_headers_are_made_of_what_outlook_knows():
    to = [("Bo", "bo@example.org", 1), ("Cy", "cy@example.org", 2)]
    message = rebuilt(**SAVED, recipients=to)

    assert (message.subject, message.sender.name) == ("Żurek", "Zażółć")
    assert message.sender.mailbox == "a@example.org"
    assert [each.mailbox for each in message.to] == ["bo@example.org", "cy@example.org"]
    assert message.date == SAVED["SENT"]


def test_both_bodies_and_the_files_are_kept():
    files = [("a.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")]
    message = rebuilt(**SAVED, HTML=b"<p>Seen</p>", files=files)

    assert message.texts[0].text.strip() == "See you at lunch."
    assert message.html[0].visible.strip() == "Seen"
    assert [(f.name, f.content) for f in message.attachments] == [
        ("a.pdf", b"%PDF-1.7 \x00\xff")
    ]


def test_the_same_file_gives_the_same_bytes():
    assert rebuild(msg(**SAVED)) == rebuild(msg(**SAVED))


@pytest.mark.parametrize(
    ("values", "check"),
    [
        pytest.param(SAVED, "transport-headers", id="headers"),
        pytest.param({"RICH": b"LZFu", "SUBJECT": "a"}, "rich-text", id="body"),
        pytest.param(
            {**SAVED, "files": [("Mail", "", None)]}, "attached-items", id="item"
        ),
    ],
)
def test_what_outlook_had_not_kept_is_named(values, check):
    assert check in unchecked(**values)


def test_nothing_is_named_where_nothing_was_lost():
    assert not unchecked(HEADERS=ARRIVED, BODY="x") & {"transport-headers", "rich-text"}


def test_a_subject_makes_no_header_of_its_own():
    message = rebuilt(**{**SAVED, "SUBJECT": "a\r\nBcc: b@example.org\r\n\r\nbody"})

    assert message.first("Bcc") is None
    assert message.subject.startswith("a Bcc: b@example.org")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(compound({"": {"WordDocument": b"x"}}), id="a-document"),
        pytest.param(msg(**SAVED)[:700], id="cut-short"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, id="noise"),
        pytest.param(
            compound({"": {"__properties_version1.0": b"", "a": b"x" * 9000}}).replace(
                b"\x28\x23\0\0", b"\xff\xff\xff\x3f"
            ),
            id="claims-a-gigabyte",
        ),
    ],
)
def test_what_is_no_mail_is_refused(content):
    with pytest.raises(NotRebuilt):
        rebuild(content)
