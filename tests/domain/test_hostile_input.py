"""Mail built to break its reader: every bound holds before the work it bounds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dashboard.domain import (
    addresses,
    dom,
    headers,
    html,
    links,
    mime,
    parsing,
    safe_view,
    views,
)
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse
from tests.domain.letters import HEAD, limits, parts, plain
from tests.domain.letters import html as html_letter

DEEP = b"".join(
    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
    for n in range(1500)
)
NESTED = HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + DEEP


@contextmanager
def shallow_stack(frames: int = 120) -> Iterator[None]:
    """Let nothing recurse: only this many calls may be open at once."""
    before, depth, frame = sys.getrecursionlimit(), 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def page_sizes(monkeypatch: pytest.MonkeyPatch, source: str) -> list[str]:
    """What reaches the HTML parser of a source."""
    seen: list[str] = []

    def watched(text: str) -> LexborHTMLParser:
        seen.append(text)
        return LexborHTMLParser("")

    monkeypatch.setattr(dom, "LexborHTMLParser", watched)
    dom.document.cache_clear()
    parse(html_letter(source))
    dom.document.cache_clear()
    return seen


def test_only_so_many_parts_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    scans = []
    real = mime.scan
    monkeypatch.setattr(mime, "scan", lambda *a: scans.append(a) or real(*a))
    message = parse(parts(*[b"\r\nx"] * 10_000))
    assert len(message.parts) < mime.MAX_PARTS
    assert len(scans) <= mime.MAX_PARTS
    assert limits(message) == ["parts"]


def test_nested_parts_end_at_the_depth_limit() -> None:
    with shallow_stack():
        message = parse(NESTED)
    assert max(part.path.count(".") for part in message.parts) < mime.MAX_DEPTH
    assert limits(message) == ["depth"]


def test_delimiter_lookalikes_are_counted() -> None:
    message = parse(parts(b"\r\n" + b"--b1x\r\n" * 50_000))
    assert limits(message) == ["parts"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"(" * 50_000, id="open comments"),
        pytest.param(b"()" * 20_000, id="comments"),
        pytest.param(b"<" * 50_000, id="open angles"),
        pytest.param(b'"' * 50_001, id="quotes"),
        pytest.param(b'"' + b"\\" * 50_000, id="escapes"),
        pytest.param(b"[" * 50_000, id="brackets"),
        pytest.param(b"a:" * 20_000, id="groups"),
        pytest.param(b"=?utf-8?q?(?= " * 4000, id="encoded words"),
        pytest.param(b"=?a?b?" * 9000, id="unfinished words"),
    ],
)
@pytest.mark.parametrize("name", [b"From", b"To", b"Message-ID", b"Content-Type"])
def test_structured_headers_are_read_without_recursion(
    name: bytes, value: bytes
) -> None:
    with shallow_stack():
        message = parse(name + b": " + value + b"\r\n\r\nx")
    assert [header.name.encode() for header in message.headers] == [name]


def test_addresses_are_counted() -> None:
    many = b", ".join(b"a%d@x.example" % n for n in range(3000))
    assert len(parse(b"To: " + many + b"\r\n\r\n").to) == addresses.MAX_ADDRESSES


def test_parameters_are_counted() -> None:
    value = "text/plain" + "".join(f"; a{n}=b" for n in range(3000))
    assert len(headers.parameters(value)) == headers.MAX_PARAMETERS


def test_headers_are_counted_and_the_body_is_found() -> None:
    raw = b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\nbody"
    message = parse(raw)
    assert len(message.headers) == headers.MAX_HEADERS
    assert (limits(message), message.texts[0].text) == (["headers"], "body")


def test_a_long_header_is_cut() -> None:
    message = parse(b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nbody")
    assert len(message.subject) < headers.MAX_LENGTH
    assert limits(message) == ["header-length"]


def test_a_long_message_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_SIZE", 1000)
    message = parse(plain("x" * 5000))
    assert (limits(message), message.size) == (["size"], 5000 + len(plain("")))
    assert len(message.texts[0].text) < 1000


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<div>" * 50_000, id="nested elements"),
        pytest.param("<ul><li>" * 50_000, id="nested lists"),
        pytest.param("<svg>" + "<a href=x>" * 50_000, id="nested links"),
        pytest.param("x" * 3_000_000, id="long"),
        pytest.param(
            "<p " + " ".join(f"a{n}" for n in range(40_000)) + ">", id="attributes"
        ),
        pytest.param(
            "".join(f"<b id={n}>" for n in range(3000)) + "<p>" * 3000, id="rebuilt"
        ),
        pytest.param(f"<p><b x={'y' * 100_000}>" + "<p>x" * 800, id="long and rebuilt"),
        pytest.param(
            f'<!-- <b x="--><p><b x={"y" * 7000}>' + "<p>x" * 7000,
            id="rebuilt behind a comment",
        ),
    ],
)
def test_a_page_is_cut_before_it_is_built(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (seen,) = page_sizes(monkeypatch, source)
    assert len(seen) <= dom.MAX_SIZE < 1_000_000
    assert len(seen) < len(source)
    assert seen.count("<") <= dom.MAX_TAGS
    assert len(seen.split()) <= dom.MAX_TAGS


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<div>" * 4000 + "</x>" * 4000, id="deep"),
        pytest.param("<a " * 20_000, id="unfinished tags"),
        pytest.param('<a href="' * 20_000, id="unfinished attribute"),
        pytest.param("<!--" * 20_000, id="comments"),
        pytest.param("<table>" * 6000 + "x", id="tables"),
        pytest.param("<select>" * 5000 + "<option>" * 3000, id="selects"),
    ],
)
def test_a_deep_page_is_read_and_shown_without_recursion(source: str) -> None:
    with shallow_stack():
        message = parse(html_letter(source))
        shown = safe_view.render(message)
    assert shown.count("<div>") <= safe_view.MAX_DEPTH
    assert len(shown) < 2 * safe_view.MAX_OUTPUT


def test_an_element_beyond_the_depth_limit_is_a_breach() -> None:
    assert "html-depth" in limits(parse(html_letter("<div>" * 1000)))


def test_nodes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_NODES", 100)
    assert "html-nodes" in limits(parse(html_letter("<i>x</i>" * 200)))


def test_links_are_counted() -> None:
    message = parse(plain("https://a.example/ " * 5000))
    assert len(message.links) == links.MAX_LINKS


def test_links_of_a_page_are_counted() -> None:
    message = parse(html_letter("<a href=https://a.example/>x</a>" * 3500))
    assert len(message.links) == links.MAX_LINKS
    assert "links" in limits(message)


def test_a_long_url_is_cut() -> None:
    link = parse(plain("https://a.example/" + "x" * 100_000)).links[0]
    assert len(link.url) <= 5000


def test_attached_messages_end_at_the_nesting_limit() -> None:
    raw = plain("innermost")
    for _ in range(30):
        raw = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + raw
    with shallow_stack(200):
        message = parse(raw)
    depth = 0
    while message.nested:
        depth, message = depth + 1, message.nested[0]
    assert (depth, limits(message)) == (parsing.MAX_NESTING, ["nesting"])


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00" * 5000, id="nul"),
        pytest.param(b"\n" * 5000, id="blank"),
        pytest.param(b"headers: x\r\nheaders: y\r\n\r\n", id="a header named headers"),
        pytest.param(b"From: \xff\xfe\r\n\r\n\xff", id="no charset fits"),
        pytest.param(b"Content-Type: multipart/mixed\r\n\r\nx", id="no boundary"),
        pytest.param(b"Content-Type: text/\x00; charset=\x00\r\n\r\nx", id="nul type"),
        pytest.param(b"Subject: =?\xff?q?x?=\r\n\r\n", id="broken word"),
        pytest.param(b"Date: Mon, 99 Foo 99999999999999\r\n\r\n", id="date"),
        pytest.param(b"Content-Disposition: x; filename*99999=a\r\n\r\n", id="2231"),
    ],
)
def test_broken_sources_are_read(raw: bytes) -> None:
    check(parse(raw))


def check(message: Message) -> None:
    """Nothing that comes out can upset a store, a page or a log."""
    texts = [message.subject, message.sender.mailbox, message.sender.name]
    texts += [header.value for header in message.headers]
    texts += [header.raw for header in message.headers]
    texts += [part.text for part in message.parts]
    texts += [page.visible for page in message.html]
    texts += [link.url + link.text + link.target for link in message.links]
    texts += [each.name for each in message.attachments]
    texts += [safe_view.render(message), str(views.tabs(message))]
    for text in texts:
        assert "\x00" not in text
        text.encode()


LINES = rb"""
From: |To: a@b.example, |Subject: |Content-Type: multipart/mixed; boundary=x
--x|--x--|Content-Type: text/html; charset=utf-7
+2AA-|Content-Transfer-Encoding: base64|Content-Type: message/rfc822|=?utf-8?b?/w==?=
=?utf-16?q?=D8=00?=|<a href='http://|'>|<p style='display:none'|&#xd800;|(|<|"|@
filename*=utf-8''%ff; |Content-Disposition: attachment; |www.|xn--|http://[::
begin 644 x|{\rtf|<svg>|</a>|://"""
BREAKS = (b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" ", b"\x00", b"\xff", b"PK\x03\x04")
PIECES = st.sampled_from([*LINES.replace(b"\n", b"|").split(b"|"), *BREAKS])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=12), max_size=40).map(b"".join))
def test_no_source_makes_the_parser_raise(raw: bytes) -> None:
    check(parse(raw))
