"""Blanks nobody filled in, and headers in the text."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.machinery_visible import detect
from dashboard.domain.evidence import read
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import discussing, page, plain, rules

PART = "--b9\nContent-Type: multipart/related; boundary=b9\n\nHello"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain("Dear {NAME}, your parcel waits."), id="in braces"),
        pytest.param(plain("Dear {{first_name}}, see below."), id="in two braces"),
        pytest.param(plain("Dear %FIRSTNAME%, see below."), id="between percent signs"),
        pytest.param(plain("Dear %%Vorname%%, see below."), id="between four of them"),
        pytest.param(plain("Hello [[-Email-]], see below."), id="in two brackets"),
        pytest.param(page("<p>Hello [first-name],</p>"), id="in brackets, in a page"),
        pytest.param(plain("Hello [FIRST NAME], see below."), id="of two words"),
        pytest.param(plain("Hello <%= name %>, see below."), id="between other signs"),
        pytest.param(plain("{Hello|Hi|Dear} friend"), id="words to choose from"),
        pytest.param(plain("Hello ##USER_NAME##!"), id="between hashes"),
        pytest.param(plain(Subject="A message for {email}"), id="in the subject"),
        pytest.param(plain(Subject="[first-name] look"), id="before a subject"),
        pytest.param(plain(Subject="Dear [email] look"), id="inside a subject"),
        pytest.param(plain("Dear [email] look"), id="inside a text"),
        pytest.param(plain("“{name}”\nDear {name},"), id="behind one in quotes"),
        pytest.param(plain(PART), id="a header in the text"),
    ],
)
def test_reports_what_a_program_left(raw):
    assert rules(detect, raw) == ["machinery-visible"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(), id="finished"),
        pytest.param(plain(Subject="[email] A new rule"), id="the tag of a list"),
        pytest.param(plain(Subject="Re: [E-Mail] A new rule"), id="the same, answered"),
        pytest.param(plain("100% of {a, b} in [1] cost $5 #12"), id="signs alone"),
        pytest.param(plain("usage: desk {start|stop} [a|b]"), id="a choice of orders"),
        pytest.param(plain("The field “{name}” is empty."), id="in quotes"),
        pytest.param(plain("Our template greets {name} now."), id="about a template"),
        pytest.param(plain("See [link] and [image] and C:\\%USERPROFILE%"), id="usual"),
        pytest.param(plain("It is in C:\\Users\\%USERNAME%\\AppData."), id="a folder"),
        pytest.param(plain("\\usepackage{url}"), id="LaTeX"),
        pytest.param(plain("\\usepackage[hyphens]{url}"), id="LaTeX with a choice"),
        pytest.param(plain(Subject="Re: [email-discuss] Minutes"), id="a list's tag"),
        pytest.param(
            plain("Send it as Content-Type: text/plain, please."), id="a type"
        ),
        pytest.param(
            discussing(plain("On Monday the desk wrote:\n> Dear {name},\nWho?")),
            id="an answer",
        ),
        pytest.param(
            plain("Hi {name}", From="MAILER-DAEMON <postmaster@example.com>"),
            id="a report",
        ),
        pytest.param(plain("word " * 2000 + "{name}"), id="far down"),
    ],
)
def test_is_silent_about_finished_text(raw):
    assert rules(detect, raw) == []


def test_points_at_the_header_without_the_break_before_it():
    message = parse(plain(PART))
    (found,) = detect(message, Context())

    assert read(message, found.evidence[0].place) == "Content-Type: multipart/related"
