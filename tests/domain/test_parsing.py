"""Raw bytes become a message: headers, addresses, parts, texts, attachments."""

import base64
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import fast_mail_parser
import pytest

from dashboard.domain import headers
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse
from tests.domain.letters import HEAD, html, limits, parts, plain
from tests.each import each

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.eml"))


def sender_of(value: bytes) -> tuple[str, str]:
    sender = parse(b"From: " + value + b"\r\n\r\nx").sender
    return sender.name, sender.mailbox


@pytest.mark.parametrize(
    ("value", "name", "mailbox"),
    [
        pytest.param(b"a@example.org", "", "a@example.org", id="bare"),
        pytest.param(b"<a@example.org>", "", "a@example.org", id="angle"),
        pytest.param(b"Desk <a@example.org>", "Desk", "a@example.org", id="name"),
        pytest.param(
            b'"Desk, Main" <a@example.org>', "Desk, Main", "a@example.org", id="comma"
        ),
        pytest.param(
            rb'"The \"Desk\"" <a@example.org>',
            'The "Desk"',
            "a@example.org",
            id="escape",
        ),
        pytest.param(
            b"a@example.org (Desk)", "Desk", "a@example.org", id="name in a comment"
        ),
        pytest.param(
            b"(x (y)) Desk <a@example.org>",
            "Desk",
            "a@example.org",
            id="nested comment",
        ),
        pytest.param(
            b"<@relay.example:a@example.org>", "", "a@example.org", id="source route"
        ),
        pytest.param(
            b"=?utf-8?q?Caf=C3=A9?= <a@example.org>", "Café", "a@example.org", id="2047"
        ),
        pytest.param(
            b"=?utf-8?q?=22x=22_=3Cb=40example=2Ecom=3E?= <a@example.org>",
            '"x" <b@example.com>',
            "a@example.org",
            id="an address inside an encoded word is text",
        ),
        pytest.param(
            b"b@example.com <a@example.org>",
            "b@example.com",
            "a@example.org",
            id="an address as the name",
        ),
        pytest.param(
            b'"two words"@example.org', "", '"two words"@example.org', id="quoted local"
        ),
        pytest.param(b'"a@example.org"', "", "a@example.org", id="all in quotes"),
        pytest.param(b"Desk <a@example.org", "Desk", "a@example.org", id="unclosed"),
        pytest.param(b"Desk", "Desk", "", id="no mailbox"),
        pytest.param(b"", "", "", id="empty"),
    ],
)
def test_a_sender_is_a_name_and_a_mailbox(
    value: bytes, name: str, mailbox: str
) -> None:
    shown, found = sender_of(value)
    assert (shown.replace('"', "") or shown, found) == (name.replace('"', ""), mailbox)


def test_every_from_mailbox_is_kept() -> None:
    raw = b"From: a@example.org, b@example.org\r\nFrom: c@example.org\r\n\r\n"
    assert [a.mailbox[0] for a in parse(raw).senders] == ["a", "b", "c"]


def test_two_mailboxes_in_angles_are_two_senders() -> None:
    raw = b"From: x <a@example.org> <b@example.com>\r\n\r\n"
    assert [a.domain for a in parse(raw).senders] == ["example.org", "example.com"]


def test_a_group_has_no_mailbox_of_its_own() -> None:
    raw = b"To: undisclosed-recipients:;\r\n\r\n"
    assert not any(address.mailbox for address in parse(raw).to)


def test_headers_keep_order_line_and_index() -> None:
    raw = b"Received: one\r\n two\r\nSubject: x\r\nReceived: three\r\n\r\nbody"
    found = [(h.name, h.value, h.index, h.line) for h in parse(raw).headers]
    assert found == [
        ("Received", "one two", 0, 1),
        ("Subject", "x", 0, 3),
        ("Received", "three", 1, 4),
    ]


def test_a_header_is_decoded_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = parse(b"X-A: one\r\nX-B: two\r\nX-A: three\r\n\r\n")
    decoded: list[bytes] = []
    real = headers.decode_value
    monkeypatch.setattr(
        headers, "decode_value", lambda raw: decoded.append(raw) or real(raw)
    )
    assert [header.value for header in message.all("x-a")] == ["one", "three"]
    assert message.first("X-A") == message.headers[0]
    assert decoded == [b" one\r", b" three\r"]


def test_a_header_keeps_what_was_written() -> None:
    raw = b"Subject: =?utf-8?b?w6Q=?=\r\n =?utf-8?b?w7Y=?=\r\n\r\n"
    header = parse(raw).headers[0]
    assert header.value == "äö"
    assert header.raw == " =?utf-8?b?w6Q=?=\r\n =?utf-8?b?w7Y=?="


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(b"=?utf-8?q?a_b?=", "a b", id="underscore"),
        pytest.param(b"=?iso-8859-1?q?=E4?=", "ä", id="latin"),
        pytest.param(
            b"=?utf-8?b?ww==?= =?utf-8?b?pA==?=", "ä", id="a letter split in two"
        ),
        pytest.param(b"a =?utf-8?q?b?= c", "a b c", id="between words"),
        pytest.param(b"=?nosuch?q?=C3=A4?=", "ä", id="unknown charset"),
        pytest.param(b"=?utf-8?b?!!!?=", "", id="no base64"),
        pytest.param(b"=?utf-8?x?abc?=", "=?utf-8?x?abc?=", id="unknown encoding"),
        pytest.param(b"=?utf-8?q?abc", "=?utf-8?q?abc", id="unfinished"),
        pytest.param("grün".encode(), "grün", id="raw utf-8"),
        pytest.param("grün".encode("latin-1"), "grün", id="raw latin"),
        pytest.param(b"=?utf-8*en?q?hi?=", "hi", id="with a language"),
    ],
)
def test_a_subject_is_decoded(value: bytes, shown: str) -> None:
    assert parse(b"Subject: " + value + b"\r\n\r\n").subject == shown


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(b"\xef\xbb\xbf", id="byte order mark"),
        pytest.param(b"From desk@example.org Mon Jan  1 00:00:00 2024\r\n", id="mbox"),
        pytest.param(b"\r\n\r\n", id="blank lines"),
    ],
)
def test_what_precedes_the_headers_is_passed_over(before: bytes) -> None:
    message = parse(before + plain("body"))
    assert message.sender.mailbox == "desk@example.org"
    assert message.headers[0].line == 1 + before.count(b"\n")


def test_old_line_ends_are_read() -> None:
    raw = plain("body").replace(b"\r\n", b"\r")
    assert parse(raw).texts[0].text == "body"


def test_a_bare_return_in_a_header_is_a_breach() -> None:
    message = parse(b"Subject: a\rBcc: x@example.org\r\nFrom: a@example.org\r\n\r\n")
    assert "bare-cr" in limits(message)
    assert message.all("Bcc") == ()


def test_a_line_that_is_no_header_ends_the_headers() -> None:
    message = parse(b"From: a@example.org\r\nnonsense\r\nSubject: x\r\n\r\n")
    assert limits(message) == ["header-broken"]
    assert message.subject == ""


def test_parts_are_numbered_as_imap_does() -> None:
    inner = parts(b"\r\nA", b"Content-Type: text/html\r\n\r\nB", boundary="in")
    message = parse(parts(inner, b"\r\nC"))
    assert [(part.path, part.text.strip()) for part in message.parts] == [
        ("1.1", "A"),
        ("1.2", "B"),
        ("2", "C"),
    ]


def test_a_single_part_is_number_one() -> None:
    assert [part.path for part in parse(plain("x")).parts] == ["1"]


def test_a_delimiter_must_fill_its_line() -> None:
    message = parse(parts(b"\r\none\r\n--b1x\r\n --b1\r\ntwo"))
    assert message.texts[0].text == "one\r\n--b1x\r\n --b1\r\ntwo"


def test_an_unclosed_multipart_keeps_its_last_part() -> None:
    raw = parts(b"\r\none", b"\r\ntwo").rpartition(b"\r\n--b1--")[0]
    assert [part.text for part in parse(raw).texts] == ["one", "two"]


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        pytest.param("base64", b"aGVs\r\nbG8=", "hello", id="base64"),
        pytest.param("BASE64", b"aGVsbG8", "hello", id="without padding"),
        pytest.param("base64", b"aGVs*bG8=", "hello", id="with foreign letters"),
        pytest.param("base64", b"aGVsbG8=aGVsbG8=", "hellohello", id="twice"),
        pytest.param("quoted-printable", b"h=65llo=\r\n!", "hello!", id="quoted"),
        pytest.param("quoted-printable", b"100=ZZ", "100=ZZ", id="broken quoted"),
        pytest.param("x-uuencode", b"begin 644 a\n%:&5L;&\\\n`\nend", "hello", id="uu"),
        pytest.param("7bit", b"hello", "hello", id="plain"),
        pytest.param("nonsense", b"hello", "hello", id="unknown"),
    ],
)
def test_a_transfer_encoding_is_undone(encoding: str, body: bytes, text: str) -> None:
    raw = HEAD + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    assert parse(raw).texts[0].text == text


@pytest.mark.parametrize(
    ("label", "body", "text"),
    [
        pytest.param("utf-8", "größe".encode(), "größe", id="utf-8"),
        pytest.param("iso-8859-1", b"\x93x\x94", "\u201cx\u201d", id="latin is cp1252"),
        pytest.param("us-ascii", "größe".encode(), "größe", id="ascii that is not"),
        pytest.param("nosuch", "größe".encode(), "größe", id="unknown"),
        pytest.param("utf-8", b"a\xffb", "a\ufffdb", id="broken utf-8"),
        pytest.param("utf-8", b"a\x00b", "a\ufffdb", id="nul"),
        pytest.param("utf-7", b"a+2AA-b", "a\ufffdb", id="lone surrogate"),
        pytest.param("unicode_escape", b"\\ud800", "\\ud800", id="refused codec"),
        pytest.param("rot13", b"uryyb", "uryyb", id="no charset at all"),
        pytest.param("../../x", b"hello", "hello", id="a path"),
    ],
)
def test_text_is_decoded_as_its_charset_says(
    label: str, body: bytes, text: str
) -> None:
    raw = HEAD + f'Content-Type: text/plain; charset="{label}"\r\n\r\n'.encode() + body
    assert parse(raw).texts[0].text == text


def test_an_unknown_charset_is_a_breach() -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=nosuch\r\n\r\nx"
    assert limits(parse(raw)) == ["charset"]


def test_html_names_its_charset_itself() -> None:
    raw = HEAD + b'Content-Type: text/html\r\n\r\n<meta charset="koi8-r">\xd0'
    assert parse(raw).html[0].visible == "п"


def attachment(*headers: str, content: bytes = b"x") -> Message:
    head = "".join(f"{header}\r\n" for header in headers)
    encoded = base64.b64encode(content)
    body = head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded
    return parse(parts(b"\r\nhello", body))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        pytest.param('attachment; filename="a b.pdf"', "a b.pdf", id="quoted"),
        pytest.param("attachment; filename*=utf-8''%C3%A4.pdf", "ä.pdf", id="2231"),
        pytest.param(
            "attachment; filename*0=one; filename*1=two.pdf", "onetwo.pdf", id="pieces"
        ),
        pytest.param(
            "attachment; filename*0*=utf-8''%C3%A4; filename*1=b", "äb", id="mixed"
        ),
        pytest.param('attachment; filename="=?utf-8?q?=C3=A4?="', "ä", id="2047"),
        pytest.param('attachment; filename="a\\"b.pdf"', 'a"b.pdf', id="escaped"),
    ],
)
def test_an_attachment_is_named_as_its_sender_wrote(header: str, name: str) -> None:
    assert attachment(f"Content-Disposition: {header}").attachments[0].name == name


@pytest.mark.parametrize(
    ("content", "detected"),
    [
        pytest.param(b"%PDF-1.7", "application/pdf", id="pdf"),
        pytest.param(
            b"MZ\x90\x00", "application/vnd.microsoft.portable-executable", id="exe"
        ),
        pytest.param(b"MZ is how this begins", "text/plain", id="not an exe"),
        pytest.param(b"\x7fELF\x02", "application/x-elf", id="elf"),
        pytest.param(b"PK\x03\x04 a.txt", "application/zip", id="zip"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", id="ole"
        ),
        pytest.param(b"<html><body>x", "text/html", id="html"),
        pytest.param(
            b"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "text/html", id="utf-16"
        ),
        pytest.param(b"<svg onload=x>", "image/svg+xml", id="svg"),
        pytest.param(
            b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut", id="lnk"
        ),
        pytest.param(b"{\\rtf1", "application/rtf", id="rtf"),
        pytest.param(b"BEGIN:VCALENDAR\r\n", "text/calendar", id="ics"),
        pytest.param(b"#!/bin/sh\n", "text/x-script", id="script"),
        pytest.param(b"Received: from x\r\n", "message/rfc822", id="message"),
        pytest.param(
            b"\x00" * 32769 + b"CD001", "application/x-iso9660-image", id="iso"
        ),
        pytest.param(b"just words", "text/plain", id="text"),
        pytest.param(b"\x00\x01\x02", "", id="unknown"),
    ],
)
def test_an_attachment_is_what_it_holds(content: bytes, detected: str) -> None:
    found = attachment(
        "Content-Disposition: attachment; filename=a.txt", content=content
    )
    assert found.attachments[0].detected == detected


def test_an_attached_message_is_read_too() -> None:
    inner = plain("inside", "X-Inner: yes")
    message = parse(parts(b"\r\nhi", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert message.nested[0].first("X-Inner") is not None
    assert [a.part for a in message.attachments] == ["2"]


def test_an_html_attachment_is_a_page_and_no_body() -> None:
    message = attachment(
        "Content-Type: application/octet-stream",
        "Content-Disposition: attachment; filename=a.htm",
        content=b"<form action='https://example.net/x'><input type=password></form>",
    )
    page = message.html[0]
    assert (page.is_body, page.fields[0].kind) == (False, "password")
    assert message.links[0].url == "https://example.net/x"


def test_a_date_is_an_aware_moment() -> None:
    message = parse(b"Date: Mon, 02 Mar 2026 10:00:00 +0200\r\n\r\n")
    assert message.date == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", [b"tomorrow", b"1 Jan 99999 00:00", b"", b"-1", b"\xff"]
)
def test_a_date_that_is_none_is_none(date: bytes) -> None:
    assert parse(b"Date: " + date + b"\r\n\r\n").date is None


def test_what_a_reader_sees_is_plain_and_html() -> None:
    raw = parts(b"\r\nplain", b"Content-Type: text/html\r\n\r\n<p>rich</p>")
    assert parse(raw).visible_text == "plain\nrich"


def stdlib_leaves(raw: bytes) -> list[tuple[str, bytes]]:
    message = message_from_bytes(raw, policy=policy.compat32)
    return [
        (part.get_content_type(), part.get_payload(decode=True))
        for part in message.walk()
        if not part.is_multipart()
    ]


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_parts_agree_with_the_standard_library(path: Path) -> None:
    raw = path.read_bytes()
    if parse(raw).nested or parse(raw).breaches:
        pytest.skip("attached messages and limits are read otherwise on purpose")
    ours = [(p.media_type, p.content.rstrip()) for p in parse(raw).parts]
    assert ours == [(kind, body.rstrip()) for kind, body in stdlib_leaves(raw)]


@each("path", MESSAGES, lambda path: path.stem)
def test_headers_agree_with_a_second_parser(path: Path) -> None:
    raw = path.read_bytes()
    theirs = fast_mail_parser.parse_email(raw).headers
    ours = {header.name.lower() for header in parse(raw).headers}
    assert ours == {name.lower() for name in theirs}


def test_one_message_reads_the_same_every_time() -> None:
    raw = html("<a href='https://example.net/'>x</a>")
    assert parse(raw) == parse(raw)
