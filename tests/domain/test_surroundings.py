"""Which mail is an answer, and what it repeats."""

import pytest

from dashboard.domain.parsing import parse
from dashboard.domain.surroundings import is_answer, told_links
from tests.domain.detectors.mail import answering, page, plain

LONG = "Is it the paper that the desk has promised to bring along on Monday? " * 2
CALL = "https://evil.example/"
SAID = [
    pytest.param(plain(f"Yes.\r\n> {LONG}\r\n"), True, id="a repeated line"),
    pytest.param(plain(f"> {LONG}\r\nYes."), True, id="first of all"),
    pytest.param(plain(f"Yes.\r\n\r\nThe desk wrote:\r\n{LONG}"), True, id="who wrote"),
    pytest.param(
        page(f"<p>Yes.</p><p>The desk wrote:</p>{LONG}"), True, id="on a page"
    ),
    pytest.param(plain("Yes.\r\n> Is it?\r\n"), False, id="hardly anything repeated"),
    pytest.param(plain("Yes.\r\n\r\nThe desk wrote:\r\n"), False, id="nothing behind"),
    pytest.param(
        plain(f"Click here: {CALL}\r\n> {LONG}"), False, id="a call of its own"
    ),
    pytest.param(
        plain(f"Yes.\r\n> {LONG}\r\n> Click here: {CALL}"), True, id="a call repeated"
    ),
    pytest.param(
        page(f"<a href='{CALL}'>Sign in</a><p>The desk wrote:</p>{LONG}"),
        False,
        id="a call on a page",
    ),
    pytest.param(
        page(
            f"Yes.<p>The desk wrote:</p><blockquote>{LONG}<a href='{CALL}'>Sign in</a>"
        ),
        True,
        id="a call repeated on a page",
    ),
    pytest.param(
        page(f"<a href='{CALL}'>Our desk</a><p>The desk wrote:</p>{LONG}"),
        True,
        id="a link at the foot",
    ),
    pytest.param(page("<p>&gt; Go on</p>"), False, id="an arrow on a page"),
    pytest.param(plain("See a -> b."), False, id="an arrow in a line"),
]


@pytest.mark.parametrize(("raw", "expected"), SAID)
def test_knows_answers(raw, expected):
    assert is_answer(parse(answering(raw))) is expected


@pytest.mark.parametrize("raw", [each.values[0] for each in SAID])
def test_a_mail_that_names_no_other_answers_none(raw):
    assert not is_answer(parse(raw))
    assert not is_answer(parse(b"In-Reply-To: yes\r\n" + raw))


def test_marks_alone_hide_no_link():
    raw = plain(f"Hello\r\n> https://evil.example/\r\n> {LONG}\r\n")

    assert [url.host for _, url in told_links(parse(raw))] == ["evil.example"]
    assert not told_links(parse(answering(raw)))
