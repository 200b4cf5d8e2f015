"""Drawings that run a script."""

import pytest

from dashboard.domain.detectors.attachment_picture import MOST_CONTENT, RULE, detect
from tests.domain.detectors.mail import carrying, plain, rules

DRAWING = "image/svg+xml"
HEAD = b'<svg xmlns="http://www.w3.org/2000/svg">'


def drawn(content, name="a.svg", kind=DRAWING):
    return carrying(name, content, kind)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(drawn(HEAD + b"<script>go()</script></svg>"), id="a script"),
        pytest.param(drawn(HEAD + b"<ScRiPt href='x'/></svg>"), id="in any case"),
        pytest.param(drawn(b"<svg onload='go()'/>"), id="when it is opened"),
        pytest.param(drawn(HEAD + b"<a href='javascript:go()'/>"), id="in a link"),
        pytest.param(drawn(HEAD + b"<foreignObject><p>"), id="a page inside"),
        pytest.param(drawn(b"<s:svg><s:script>"), id="under another name"),
        pytest.param(
            drawn(HEAD + b"<script>", "photo", DRAWING), id="by its type alone"
        ),
        pytest.param(
            drawn(HEAD + b"<script>", "a.SVG", "text/plain"), id="by its name alone"
        ),
    ],
)
def test_reports(raw):
    assert rules(detect, raw) == [RULE]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(), id="no file"),
        pytest.param(drawn(HEAD + b"<circle r='3'/></svg>"), id="a plain drawing"),
        pytest.param(drawn(HEAD + b"<text>a script on load = x</text>"), id="words"),
        pytest.param(drawn(b"<script>go()</script>"), id="no drawing"),
        pytest.param(
            carrying("a.html", HEAD + b"<script>", "text/html"), id="a page is another"
        ),
        pytest.param(drawn(HEAD + b" " * MOST_CONTENT + b"<script>"), id="far behind"),
    ],
)
def test_is_silent_about(raw):
    assert rules(detect, raw) == []
