"""A detector that is not asked about a message would have nothing to say of it."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain import subjects
from dashboard.domain.context import DEMONSTRATED, Context
from dashboard.domain.detectors import DETECTORS
from dashboard.domain.engine import FAILED, examine
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse
from dashboard.domain.subjects import SUBJECTS
from tests.domain.detectors.mail import carrying, checked, linked, page, plain

TESTS = Path(__file__).parents[1]
KEPT = [*TESTS.glob("messages/*.eml"), *TESTS.glob("seeds/message/*")]
CONTEXTS = (Context(), DEMONSTRATED)
# Pieces of every kind of deceit; hypothesis puts them together as no sender would.
SENDERS = (
    "",
    "Support <desk@gmail.com>",
    "🚨 PayPal 🚨 <a@xn--pypal-4ve.example>",
    '"ceo@example.org" <chief@example.net>',
    "Rob\u200bin <robin@example.org>",
)
SAID = (
    "Please verify your account within 24 hours.",
    "Tell nobody. Buy gift cards and send me the codes.",
    "Dear customer, {{name}}, you won a prize of $5,000,000.",
    "Call +1 800 555 01 99 about your invoice. Name: Age: Country: Phone:",
    "pass\u200bword: 1234, wri\u200bte to helper@gmail.com",
    "> quoted\n> lines\nSomebody wrote:",
)
SHOWN = (
    '<a href="https://login.other.example/t/1/2/3">Sign in at paypal.com</a>',
    '<a href="https://192.0.2.1:8080/?a=reader@example.org">Unsubscribe</a>',
    '<a href="javascript:open()">here</a><img src="https://a.example/b.png">',
    '<form action="https://x.example"><input type="password"></form>',
    '<p style="display:none">' + "word " * 80 + "</p>",
    '<a href="https://bit.ly/2"><img src="https://bit.ly/3.png"></a>',
)
HEADERS = {
    "Subject": ("Re: [Ext] Invoice", "U\u0440date your account", "Fwd: hello"),
    "Reply-To": ("other@gmail.com", "desk@example.net"),
    "Return-Path": ("<bounce@example.net>", "<>"),
    "In-Reply-To": ("<1@example.org>",),
    "List-Unsubscribe": ("<https://example.com/out>",),
    "List-Unsubscribe-Post": ("List-Unsubscribe=One-Click",),
    "Authentication-Results": ("example.net; dmarc=pass header.from=example.com",),
    "From": SENDERS,
}
MADE = st.builds(
    lambda texts, make, headers: make("\n".join(texts), **headers),
    st.lists(st.sampled_from((*SAID, *SHOWN)), max_size=5),
    st.sampled_from((plain, page)),
    st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(told) for name, told in HEADERS.items()}
    ),
)


def said_unasked(message: Message) -> list[tuple[str, str]]:
    """What detectors say of a message that holds nothing for them to look at."""
    return [
        (detector.__module__, finding.rule)
        for (detector, subject), context in product(SUBJECTS.items(), CONTEXTS)
        if not tuple(subject(message, context))
        for finding in detector(message, context)
    ]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_nothing_is_left_unsaid_of_what_is_kept(path):
    assert said_unasked(parse(path.read_bytes())) == []


@given(MADE)
def test_nothing_is_left_unsaid_of_what_is_made_up(raw):
    assert said_unasked(parse(raw)) == []


@pytest.mark.parametrize("left_out", ["links", "attachments", "html", "texts"])
def test_nothing_is_left_unsaid_where_a_part_is_missing(left_out):
    for path in KEPT[::3]:
        message = replace(parse(path.read_bytes()), **{left_out: (), "nested": ()})

        assert said_unasked(message) == []


def test_every_one_of_them_is_a_detector():
    assert set(DETECTORS) >= set(SUBJECTS)


@pytest.mark.parametrize(
    ("raw", "rule", "are_asked"),
    [
        pytest.param(plain(), "link-unrelated-single", False, id="no link"),
        pytest.param(
            linked("https://other.example/"), "link-unrelated-single", True, id="a link"
        ),
        pytest.param(
            carrying("a.exe", b"MZ"), "attachment-executable", True, id="a file"
        ),
        pytest.param(
            checked("example.com", "pass"), "auth-pass-aligned", True, id="a result"
        ),
    ],
)
def test_they_are_asked_where_there_is_something(raw, rule, are_asked):
    rules = {each.finding.rule for each in examine(raw).assessment.findings}

    assert (rule in rules) is are_asked


def seeing(message, context):
    yield Finding("form-in-body", Sentence("Seen."), ())


@pytest.mark.parametrize(
    ("holds", "said"), [((), []), ((1,), ["form-in-body"])], ids=["empty", "held"]
)
def test_a_detector_is_asked_of_its_subject_alone(monkeypatch, holds, said):
    monkeypatch.setitem(SUBJECTS, seeing, lambda message, context: holds)
    subjects.with_subjects.cache_clear()
    found = examine(plain(), detectors=[seeing]).assessment.findings

    assert [each.finding.rule for each in found] == said


def test_a_subject_that_breaks_leaves_the_word_to_its_detector(monkeypatch):
    def broken(message, context):
        raise RecursionError

    monkeypatch.setitem(SUBJECTS, seeing, broken)
    subjects.with_subjects.cache_clear()
    found = examine(plain(), detectors=[seeing]).assessment.findings

    assert [each.finding.rule for each in found] == ["form-in-body"]
    assert FAILED not in [each.finding.rule for each in found]
