"""What a style block hides is hidden; what it may show again is not."""

import pytest

from dashboard.domain.message import Html
from dashboard.domain.parsing import parse
from dashboard.domain.safe_view import render
from tests.domain.detectors.mail import page
from tests.quick import is_quick


def read(sheet: str, body: str) -> Html:
    return parse(page(f"<style>{sheet}</style>{body}")).html[0]


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        pytest.param(".x{display:none}", "<p class=x>a</p>", id="class"),
        pytest.param(".y,.x{display:none}", "<p class='x z'>a</p>", id="of several"),
        pytest.param("#x{display:none}", "<p id=x>a</p>", id="id"),
        pytest.param("i{display:none}", "<i>a</i>", id="element"),
        pytest.param("i{display:none}", "<i title=t>a</i>", id="with an attribute"),
        pytest.param("p.x{display:none}", "<p class=x>a</p>", id="element and class"),
        pytest.param("P#x{DISPLAY:NONE}", "<p id=x>a</p>", id="in capitals"),
        pytest.param(".x{opacity:0}", "<p class=x>a</p>", id="opacity"),
        pytest.param(".x{font-size:0}", "<p class=x>a</p>", id="size"),
        pytest.param(".x{visibility:hidden}", "<p class=x>a</p>", id="visibility"),
        pytest.param(
            ".x{max-height:0;overflow:hidden}", "<p class=x>a</p>", id="clipped"
        ),
        pytest.param(
            ".x{position:absolute;left:-999px}", "<p class=x>a</p>", id="moved away"
        ),
        pytest.param("<!--.x{display:none}-->", "<p class=x>a</p>", id="in a comment"),
        pytest.param("/*}*/.x{display:none}", "<p class=x>a</p>", id="after one"),
        pytest.param(
            "@media screen{.x{display:none}}", "<p class=x>a</p>", id="on a screen"
        ),
        pytest.param(
            "@import url(a);.x{display:none}", "<p class=x>a</p>", id="after an import"
        ),
        pytest.param(
            ".x{display:block}.x{display:none}", "<p class=x>a</p>", id="said last"
        ),
        pytest.param(
            ".x{display:none!important}",
            "<p class=x style='display:block'>a</p>",
            id="said firmly",
        ),
        pytest.param(
            "#x{display:none}.y{display:block}",
            "<p class=y id=x>a</p>",
            id="said closer",
        ),
    ],
)
def test_text_hidden_by_a_style_block_is_hidden(sheet, body):
    found = read(sheet, f"{body}<u>b</u>")

    assert [hidden.text for hidden in found.hidden] == ["a"]
    assert found.visible == "b"


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        pytest.param(".X{display:none}", "<p class=x>a</p>", id="another class"),
        pytest.param(".x{display:none}", "<p class=xy>a</p>", id="a longer class"),
        pytest.param(".y .x{display:none}", "<p class=x>a</p>", id="a descendant"),
        pytest.param(
            "@media print{.x{display:none}}", "<p class=x>a</p>", id="on paper"
        ),
        pytest.param(
            ".x{display:none}@media(max-width:9px){.x{display:block}}",
            "<p class=x>a</p>",
            id="shown on a telephone",
        ),
        pytest.param(
            ".x{display:none}.y .x{display:block}",
            "<p class=x>a</p>",
            id="shown deeper",
        ),
        pytest.param(
            ".x{display:none}[class]{display:block}", "<p class=x>a</p>", id="attribute"
        ),
        pytest.param(
            ".x{display:none}", "<p class=x style='display:block'>a</p>", id="inline"
        ),
        pytest.param(
            ".x{display:none}.x[title='a b']{display:block}",
            "<p class=x title='a b'>a</p>",
            id="attribute with a space",
        ),
        pytest.param(
            f".x{{display:none}}{',b' * 60},.x{{display:block}}",
            "<p class=x>a</p>",
            id="one of many selectors",
        ),
        pytest.param(
            ".x{display:none}.z{display:block}",
            f"<p class='x {'y ' * 30}z'>a</p>",
            id="one of many classes",
        ),
        pytest.param(
            ".x{display:none}.x{all:initial}", "<p class=x>a</p>", id="all set anew"
        ),
        pytest.param(
            ".x{font-size:0}.y p{font:1em serif}",
            "<div class=x><p>a</p></div>",
            id="size that may be set anew",
        ),
        pytest.param(
            ".y{content:'}.x{display:none}'}", "<p class=x>a</p>", id="in quotes"
        ),
        pytest.param(
            ".x{background:url(a;display:none)}", "<p class=x>a</p>", id="in brackets"
        ),
        pytest.param(
            ".x{display:none;display:bl\\6fck}", "<p class=x>a</p>", id="an escape"
        ),
        pytest.param(
            ".x{display:none;.y{left:0}}", "<p class=x>a</p>", id="a rule in a rule"
        ),
        pytest.param(".x{color:#fff}", "<p class=x>a</p>", id="a colour"),
    ],
)
def test_text_that_may_be_seen_is_not_hidden(sheet, body):
    found = read(sheet, body)

    assert (found.hidden, found.visible) == ((), "a")


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param("<style media=print>p{display:none}</style>", id="for paper"),
        pytest.param("<style media=print>}p{display:none}</style>", id="closed early"),
        pytest.param(
            "<style>p{display:none}</style>"
            "<style media='(max-width:9px)'>p{display:block}</style>",
            id="shown by another block",
        ),
        pytest.param(
            "<style>p{display:none}</style><style>p{'</style>", id="beside a riddle"
        ),
    ],
)
def test_style_blocks_that_may_not_apply_are_not_followed(blocks):
    assert parse(page(f"{blocks}<p>a</p>")).html[0].visible == "a"


def test_style_blocks_are_followed_one_after_the_other():
    blocks = "<style>i{display:none}</style><style>b{display:none}</style>"

    assert parse(page(f"{blocks}<i>a</i><b>b</b>c")).html[0].visible == "c"


def test_the_safe_view_leaves_out_what_a_style_block_hides():
    raw = page("<style>.x{display:none}</style><p class=x>secret</p><p>seen</p>")

    shown = render(parse(raw))

    assert "seen" in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    "piece",
    ["a{", "}", "{", "/*", "a{b:c}", ".x{display:none}", "@media{", ",", "a,", "'"],
)
def test_hostile_style_blocks_are_read_in_linear_time(piece):
    sheet = piece * (500_000 // len(piece))
    raw = page(f"<style>.x{{display:none}}{sheet}</style>" + "<p class=x>a</p>" * 999)

    assert is_quick(lambda: parse(raw), 1.5)
