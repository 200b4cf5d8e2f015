"""The safe view keeps what is read and nothing that acts."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain import safe_view, views
from dashboard.domain.parsing import parse
from tests.domain.letters import html, parts, plain

TAG = re.compile(r"<[^>]*>")
KEPT = re.compile(r"</?[a-z][a-z0-9]*>\Z")
FRAME = {"<!doctype html>", '<meta charset="utf-8">'}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://t.example/a.png onerror=alert(1)>",
    "<svg><use href='dAta:image/s\tvg+xml;base64,PHN2Zz4#x'></svg>",
    "<svg><animate onbegin=alert(1)></svg>",
    "<svg><style><//><body onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<map><area href='javascript:alert(1)'></map>",
    "<embed src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<iframe srcdoc='<script>alert(1)</script>'><iframe>",
    "<div hx-get='/users/1/delete' hx-trigger=load data-hx-on=x _=x>x</div>",
    "<p style='background:url(https://t.example/)' class='modal' id=csrf name=body>x",
    "<link rel=stylesheet href=https://t.example/a.css><style>@import 'x'</style>",
    "<form action=https://evil.example/><input name=p type=password></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<video src=x poster=y onloadstart=z><source srcset=q></video>",
    "<table><td background=https://t.example/>x</table>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<xmp><img src=x></xmp><plaintext><img src=x>",
]


def shown(body: str) -> str:
    return safe_view.render(parse(html(body)))


def check(view: str) -> None:
    """No tag of the view has an attribute, and none is unknown."""
    for tag in TAG.findall(view):
        assert tag in FRAME or KEPT.match(tag), tag
    names = set(re.findall(r"</?([a-z0-9]+)", TAG.sub(lambda t: t[0], view)))
    assert not names & {"script", "img", "a", "form", "iframe", "svg", "style", "input"}


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_in_the_view_acts(body: str) -> None:
    check(shown(body))
    check(shown(f"<table><tr><td>{body}<b>after</b>"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=8))
def test_no_mixture_of_elements_acts(pieces: list[str]) -> None:
    check(shown("".join(pieces)))


def test_a_link_is_text_with_its_target_beside_it() -> None:
    view = shown("<a href='https://www.example.net/a'>Sign in</a>")
    assert "Sign in <code>[hxxps://www.example[.]net/a]</code>" in view


def test_a_bare_url_is_defanged() -> None:
    view = safe_view.render(parse(plain("see https://www.example.net/a.")))
    assert "<p><code>see hxxps://www.example[.]net/a.</code></p>" in view


def test_an_image_is_named_and_not_loaded() -> None:
    view = shown("<img src='https://t.example/a.png' alt='Our logo'>")
    assert "[image blocked: t[.]example]</code> Our logo" in view


def test_a_form_says_where_it_sends() -> None:
    view = shown("<form action=https://evil.example/x><input type=password></form>")
    assert "[form sends to hxxps://evil[.]example/x]" in view
    assert "[field: password]" in view


def test_structure_is_kept() -> None:
    body = "<table><tr><td>a</td></tr></table><ul><li>b</li></ul>"
    assert "<td>a</td>" in shown(body)
    assert "<li>b</li>" in shown(body)


def test_what_the_sender_hid_is_left_out() -> None:
    assert "secret" not in shown("<p style='display:none'>secret</p>shown")


def test_unseen_characters_are_written_out() -> None:
    assert "a[U+202E]b" in shown("<p>a\u202eb</p>")


def test_a_plain_message_is_shown_as_it_is() -> None:
    view = safe_view.render(parse(plain("1 < 2 & <b>3</b>")))
    assert "<p><code>1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;</code></p>" in view


def test_a_plain_message_keeps_its_lines_and_its_blanks() -> None:
    view = safe_view.render(parse(plain("a\r\n\r\n b   c\r\n\td")))
    body = view.partition("<code>")[2].partition("</code>")[0]
    lines = body.replace("&nbsp;", " ").split("<br>")
    assert lines == ["a", "", " b   c", "        d"]
    assert "  " not in body


@pytest.mark.parametrize("body", [plain("x" * 500), html(f"<p>{'&lt;' * 500}</p>")])
def test_a_word_longer_than_a_screen_folds(body: bytes) -> None:
    view = safe_view.render(parse(body))
    check(view)
    words = re.split(r"<wbr>|<[^>]+>", view)
    assert max(len(unescape(word)) for word in words) <= 32
    assert len(unescape(re.sub(r"<[^>]+>", "", view)).split("view")[1]) == 500


def test_a_message_without_text_says_so() -> None:
    assert "no text" in safe_view.render(parse(b"Subject: x\r\n\r\n"))


def test_tabs_show_each_side_of_a_message() -> None:
    raw = parts(
        b"\r\nhttps://example.net/x",
        b'Content-Disposition: attachment; filename="a\xe2\x80\xae.pdf"\r\n\r\n%PDF-1',
    )
    tabs = views.tabs(parse(raw))
    assert tabs["text"][0]["text"] == "https://example.net/x"  # type: ignore[index]
    assert tabs["links"][0]["target"] == "hxxps://example[.]net/x"  # type: ignore[index]
    file = tabs["attachments"][0]  # type: ignore[index]
    assert (file["name"], file["detected"]) == ("a[U+202E].pdf", "application/pdf")
    assert tabs["headers"][0]["name"] == "From"  # type: ignore[index]


def test_hops_run_from_the_oldest_and_name_what_is_odd() -> None:
    lines = [
        "Received: from c.example by d.example; Mon, 2 Mar 2026 09:00:00 +0000",
        "Received: from b.example by c.example; Mon, 2 Mar 2026 10:00:05 +0000",
        "Received: from a.example by b.example; Mon, 2 Mar 2026 10:00:00 +0000",
    ]
    hops = views.tabs(parse(plain("x", *lines)))["hops"]
    assert [(hop["from"], hop["delay"], hop["is_odd"]) for hop in hops] == [  # type: ignore[attr-defined]
        ("a.example", None, False),
        ("b.example", 5, False),
        ("c.example", -3605, True),
    ]


def test_tabs_are_bounded() -> None:
    tabs = views.tabs(parse(plain("x" * 500_000, *["X: y"] * 900)))
    assert len(tabs["text"][0]["text"]) == views.MAX_TEXT  # type: ignore[index]
    assert len(tabs["headers"]) == views.MAX_HEADERS  # type: ignore[arg-type]
    assert tabs["source_is_cut"] is True
