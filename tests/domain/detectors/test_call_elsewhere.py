"""A call to act that leads to a stranger's page."""

import pytest

from dashboard.domain.calls import MOST_PAGES
from dashboard.domain.detectors.call_elsewhere import detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import OWN, discussing, linked, page, plain, rules
from tests.quick import is_quick

AWAY = "https://other.example/v/1"


def wide(number):
    return page(
        "".join(f'<a href="{AWAY}{at}">Read more now</a>' for at in range(number))
        + f'<a href="{AWAY}">Click here</a>'
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked(AWAY, "Click here"), id="a button"),
        pytest.param(linked(AWAY, "View document"), id="words of calls alone"),
        pytest.param(linked(AWAY, "Jetzt bestätigen"), id="in another language"),
        pytest.param(linked(AWAY, "ここをクリック"), id="in another script"),
        pytest.param(
            plain(f"Open the link below to hear it:\r\n\r\n{AWAY}\r\n"),
            id="a line before an address",
        ),
        pytest.param(page(f'<form action="{AWAY}"><input></form>'), id="a form"),
        pytest.param(
            page(f'<p>Hello</p><p>&gt; <a href="{AWAY}">Click here</a></p>'),
            id="behind an arrow",
        ),
        pytest.param(
            linked(AWAY, "Click here", From="a@gmail.com"), id="from a free mailbox"
        ),
        pytest.param(
            linked("https://docs.google.com/forms/d/x", "Click here"), id="a made page"
        ),
        pytest.param(
            linked(AWAY, "Click here to manage your account"), id="managing an account"
        ),
        pytest.param(
            plain("Click here: https://other.example/manage-account"),
            id="an account in an address",
        ),
        pytest.param(
            page(
                f'<a href="{AWAY}">Click here</a>'
                + "".join(f'<a href="{AWAY}{n}"> &#8203;</a>' for n in range(9))
            ),
            id="among empty links",
        ),
        pytest.param(
            page(f'<p>To keep it, click <a href="{AWAY}">here</a>.</p>'),
            id="a word that ends a call",
        ),
        pytest.param(wide(MOST_PAGES - 1), id="as many pages as a letter has"),
    ],
)
def test_reports_calls_to_strangers(raw):
    assert rules(detect, raw, OWN) == ["call-elsewhere"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked("https://my.example.com/", "Click here"), id="home"),
        pytest.param(linked("https://www.example.org/", "Click here"), id="our house"),
        pytest.param(
            linked("https://login.live.com/", "Sign in", From="a@microsoft.com"),
            id="another domain of the same company",
        ),
        pytest.param(linked("https://youtu.be/x", "Click here"), id="a common place"),
        pytest.param(linked(AWAY, "The minutes of Monday"), id="a name, not a call"),
        pytest.param(linked(AWAY, ""), id="a picture"),
        pytest.param(linked(AWAY, "Unsubscribe: click here"), id="a way off the list"),
        pytest.param(
            linked(AWAY, "Click here " + "and read on " * 5), id="a sentence of prose"
        ),
        pytest.param(plain(f"The figures stand at {AWAY} now."), id="no call before"),
        pytest.param(
            plain(f"Click here.{' Much has happened.' * 12} {AWAY}"), id="far behind it"
        ),
        pytest.param(
            discussing(plain(f"Is it real?\r\n> Click here: {AWAY}\r\n")),
            id="repeated by an answer",
        ),
        pytest.param(wide(MOST_PAGES), id="a newsletter"),
        pytest.param(
            plain(f"{'Much has happened.  ' * 200}\r\n\r\nClick here: {AWAY}\r\n"),
            id="a long letter",
        ),
        pytest.param(
            plain("Click here: https://other.example/unsubscribe/1"),
            id="a bare way off the list",
        ),
        pytest.param(linked(AWAY, "Click here", From=None), id="no sender"),
        pytest.param(linked(AWAY, "here"), id="a word that calls nowhere"),
        pytest.param(
            page(f'<p>Click <a href="{AWAY}">here</a> to be removed from it.</p>'),
            id="a word that ends the way off a list",
        ),
    ],
)
def test_leaves_honest_links_alone(raw):
    assert rules(detect, raw, OWN) == []


def test_is_not_quieted_by_a_text_nobody_sees():
    body = (
        "--b1\r\nContent-Type: text/plain\r\n\r\n> hello\r\n"
        f'--b1\r\nContent-Type: text/html\r\n\r\n<a href="{AWAY}">Click here</a>\r\n'
        "--b1--\r\n"
    )
    head = page("").replace(
        b"text/html; charset=utf-8", b'multipart/alternative; boundary="b1"'
    )

    assert rules(detect, head + body.encode()) == ["call-elsewhere"]


def test_takes_no_longer_for_the_same_call_again_and_again():
    raw = plain(f"Click here: {AWAY} \r\n" * 20_000)

    assert is_quick(lambda: list(detect(parse(raw), OWN)), 1.5)
