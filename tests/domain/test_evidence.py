"""What a place points at can be read back, exactly."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain import evidence, places, urls
from dashboard.domain.findings import Place, Where
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.parsing import parse
from tests.domain.letters import html, parts, plain
from tests.each import each

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.eml"))
WORDS = st.text(alphabet="abc äß漢.,()<>/:@\u200b\u202e", max_size=20)


def check_links(message: Message) -> None:
    for link in message.links:
        written = evidence.read(message, link.place)
        if link.kind is LinkKind.CALENDAR:
            written = written.replace("\r\n ", "")  # folded (RFC 5545, 3.1)
        assert urls.clean(written) == link.url
        if link.text_place:
            assert evidence.read(message, link.text_place) == link.text


def check_addresses(message: Message) -> None:
    for address in (*message.senders, *message.to, *message.reply_to):
        if address.place:
            assert evidence.read(message, address.place) == address.mailbox
        if address.name_place:
            shown = evidence.read(message, address.name_place)
            assert shown == address.name or '"' in shown or "\\" in shown


@each("path", MESSAGES, lambda path: path.stem)
def test_every_place_of_a_demonstration_message_reads_back(path: Path) -> None:
    message = parse(path.read_bytes())
    check_links(message)
    check_addresses(message)
    for page in message.html:
        for hidden in page.hidden:
            assert evidence.read(message, hidden.place) == hidden.text
    for breach in message.breaches:
        evidence.read(message, breach.place)


@settings(max_examples=40)
@given(WORDS, WORDS)
def test_places_of_bare_links_read_back(before: str, after: str) -> None:
    message = parse(plain(f"{before} https://example.net/a_(b){after} www.example.org"))
    assert len(message.links) >= 2
    check_links(message)


@settings(max_examples=40)
@given(WORDS, WORDS, st.sampled_from(["p", "td", "a", "span style='display:none'"]))
def test_places_of_anchors_read_back(text: str, path: str, tag: str) -> None:
    text, target = escape(text), escape(path)
    body = f"<{tag}>{text}<a href=' https://example.net/{target} '>{text} x</a>"
    message = parse(html(body))
    assert message.links
    check_links(message)


@settings(max_examples=40)
@given(WORDS)
def test_places_of_addresses_read_back(name: str) -> None:
    plain_name = name.replace('"', "").replace("\\", "")
    raw = f'From: "{plain_name}" <desk@example.org>, {name} b@example.com\n\n'.encode()
    message = parse(raw)
    assert any(address.mailbox == "desk@example.org" for address in message.senders)
    check_addresses(message)


@pytest.fixture
def letter() -> Message:
    return parse(
        parts(
            b"\r\nplain text",
            b"Content-Type: text/html\r\n\r\n<p title=t>Pay <b>now</b></p><br>later",
            b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n%PDF-1.7 x',
        )
    )


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(Place(Where.HEADER, name="subject"), "Hello", id="header"),
        pytest.param(
            Place(Where.HEADER, name="From", start=0, end=4), "Desk", id="header slice"
        ),
        pytest.param(Place(Where.TEXT, part="1", start=6), "text", id="text"),
        pytest.param(
            Place(Where.DOM, part="2", path="html[1]/body[1]/p[1]"), "Pay now", id="dom"
        ),
        pytest.param(
            Place(Where.DOM, part="2", path="html[1]/body[1]/p[1]", name="title"),
            "t",
            id="attribute",
        ),
        pytest.param(
            Place(Where.DOM, part="2", start=8, end=13), "later", id="visible"
        ),
        pytest.param(Place(Where.FILE, part="3", name="name"), "a.pdf", id="file name"),
        pytest.param(Place(Where.FILE, part="3", start=0, end=4), "%PDF", id="content"),
        pytest.param(Place(Where.SOURCE, start=0, end=5), "From:", id="source"),
    ],
)
def test_a_place_reads_what_stands_there(
    letter: Message, place: Place, text: str
) -> None:
    assert evidence.read(letter, place) == text


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Place(Where.HEADER, name="X-None"), id="no such header"),
        pytest.param(Place(Where.HEADER, name="From", index=1), id="no second header"),
        pytest.param(Place(Where.HEADER, name="From", start=0, end=999), id="beyond"),
        pytest.param(Place(Where.TEXT, part="9"), id="no such part"),
        pytest.param(Place(Where.DOM, part="1"), id="no page"),
        pytest.param(
            Place(Where.DOM, part="2", path="html[1]/body[1]/p[2]"), id="no element"
        ),
        pytest.param(
            Place(Where.DOM, part="2", path="html[1]", name="x"), id="no attribute"
        ),
        pytest.param(Place(Where.DOM, part="2", path="../.."), id="no path"),
        pytest.param(Place(Where.FILE, part="3", name="secret"), id="no such property"),
    ],
)
def test_a_place_that_is_not_there_is_a_lookup_error(
    letter: Message, place: Place
) -> None:
    with pytest.raises(LookupError):
        evidence.read(letter, place)


def test_helpers_point_at_what_they_name(letter: Message) -> None:
    header = letter.headers[0]
    page, file = letter.html[0], letter.attachments[0]
    pointed = [
        places.in_header(header, "example.org"),
        places.in_text(letter.texts[0], 0, 5),
        places.in_visible(page, 0, 3),
        places.in_name(file, ".pdf"),
        places.in_type(file),
        places.in_content(file, 0, 4),
    ]
    read = [evidence.read(letter, place) for place in pointed]
    assert read == ["example.org", "plain", "Pay", ".pdf", "text/plain", "%PDF"]
