"""Text no reader sees."""

import pytest

from dashboard.domain.detectors.hidden_text import detect
from tests.domain.detectors.mail import page, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(page("<p>Hello</p>"), [], id="none"),
        pytest.param(
            page(f"<div style='display:none'>{chr(97) * 300}</div><p>Hello</p>"),
            [],
            id="a preview line",
        ),
        pytest.param(
            page(f"<div style='display:none'>{chr(97) * 301}</div><p>Hello</p>"),
            ["hidden-text"],
            id="a paragraph",
        ),
        pytest.param(
            page(
                "<div style='display:none'>"
                + "&zwnj;&nbsp;" * 400
                + "</div><p>Hello</p>"
            ),
            [],
            id="padding",
        ),
        pytest.param(
            page("P<i style='display:none'>x</i>a" * 5), ["hidden-text"], id="scraps"
        ),
        pytest.param(
            page("P<i style='display:none'>x</i>a" * 4), [], id="a few scraps"
        ),
        pytest.param(
            page("<p>Hello</p><div style='margin-top: 470500px'>more</div>"),
            ["hidden-text"],
            id="far below",
        ),
        pytest.param(
            page("<p>Hello</p><div style='margin-top: 4705px'>more</div>"),
            [],
            id="a little below",
        ),
    ],
)
def test_measures_it(raw, expected):
    assert rules(detect, raw) == expected
