"""Which mail is an answer, and what it repeats."""

import pytest

from dashboard.domain.parsing import parse
from dashboard.domain.surroundings import is_answer, told_links
from tests.domain.detectors.mail import answering, page, plain

SAID = [
    pytest.param(plain("Yes.\r\n> Is it?\r\n"), True, id="a repeated line"),
    pytest.param(plain("> Is it?\r\nYes."), True, id="first of all"),
    pytest.param(plain("Yes.\r\n\r\nThe desk wrote:\r\n"), True, id="who wrote"),
    pytest.param(page("<p>Yes.</p><p>The desk wrote:</p>"), True, id="on a page"),
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
    raw = plain("Hello\r\n> https://evil.example/\r\n> Sign in\r\n")

    assert [url.host for _, url in told_links(parse(raw))] == ["evil.example"]
    assert not told_links(parse(answering(raw)))
