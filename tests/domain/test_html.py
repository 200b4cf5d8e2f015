"""What a reader sees of a page, what is hidden, and what it carries."""

import pytest

from dashboard.domain.findings import Place
from dashboard.domain.message import Html
from dashboard.domain.parsing import parse
from tests.domain.letters import html


def page(body: str) -> Html:
    return parse(html(body)).html[0]


@pytest.mark.parametrize(
    ("body", "visible"),
    [
        pytest.param("pay<b>pal</b>", "paypal", id="inline elements join words"),
        pytest.param("<p>one</p><p>two</p>", "one\ntwo", id="blocks part them"),
        pytest.param("one<br>two", "one\ntwo", id="line break"),
        pytest.param("  a \n\t b&nbsp;&nbsp;c ", "a b c", id="white space"),
        pytest.param("<script>x</script><style>y</style>a", "a", id="code is no text"),
        pytest.param("a<!-- hidden -->b", "ab", id="comment"),
        pytest.param("&#xD800;&#0;x", "\ufffd\ufffdx", id="forbidden characters"),
        pytest.param("<title>t</title>b", "b", id="title is not in the page"),
        pytest.param("<noscript>n</noscript>", "n", id="mail runs no script"),
        pytest.param("<template>t</template>", "", id="template"),
        pytest.param("<table><tr><td>a<td>b</table>", "a\nb", id="cells"),
    ],
)
def test_visible_text_is_what_a_reader_sees(body: str, visible: str) -> None:
    assert page(body).visible == visible


@pytest.mark.parametrize(
    ("body", "how"),
    [
        pytest.param("<p style='display:none'>x", "display:none", id="display"),
        pytest.param(
            "<p style='DISPLAY : NONE !important'>x", "display:none", id="case"
        ),
        pytest.param("<p style='visibility:hidden'>x", "visibility:hidden", id="visib"),
        pytest.param("<p style='font-size:0px'>x", "font-size:0", id="size"),
        pytest.param("<p style='font-size:1px'>x", "font-size:0", id="tiny"),
        pytest.param("<p style='opacity:0'>x", "opacity:0", id="opacity"),
        pytest.param("<p hidden>x", "hidden", id="attribute"),
        pytest.param(
            "<p style='max-height:0;overflow:hidden'>x", "max-height:0", id="clipped"
        ),
        pytest.param(
            "<p style='position:absolute;left:-9999px'>x", "off-screen", id="off-screen"
        ),
        pytest.param("<p style='text-indent:-9999px'>x", "off-screen", id="indent"),
        pytest.param(
            "<font color=white>x</font>",
            "text in the colour of its background",
            id="white on the page",
        ),
        pytest.param(
            "<td bgcolor='#102030'><i style='color:rgb(16,32,50)'>x",
            "text in the colour of its background",
            id="near its background",
        ),
    ],
)
def test_hidden_text_is_told_with_how(body: str, how: str) -> None:
    found = page(f"<table><tr>{body}</table>" if "<td" in body else body)
    assert [(h.text, h.how) for h in found.hidden] == [("x", how)]
    assert found.visible == ""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<p style='font-size:9px'>x", id="small but readable"),
        pytest.param("<p style='opacity:0.9'>x", id="nearly opaque"),
        pytest.param("<p style='height:0'>x", id="not clipped"),
        pytest.param("<p style='left:-9999px'>x", id="not positioned"),
        pytest.param(
            "<div style='font-size:0'><p style='font-size:14px'>x", id="reset"
        ),
        pytest.param(
            "<div style='visibility:hidden'><p style='visibility:visible'>x", id="shown"
        ),
        pytest.param(
            "<p style='background:#000'><font color=white>x</font>", id="white on black"
        ),
        pytest.param(
            "<p style='background-image:url(a.png)'><font color=white>x</font>",
            id="white on a picture nobody knows",
        ),
        pytest.param(
            "<style>.b{background:#000}</style><p class=b><font color=white>x</font>",
            id="white under a style sheet",
        ),
    ],
)
def test_text_that_can_be_read_is_not_hidden(body: str) -> None:
    assert page(body).hidden == ()
    assert page(body).visible == "x"


def test_hidden_text_ends_where_it_is_shown_again() -> None:
    found = page("<p style='display:none'>a</p>b<p hidden>c<b>d</b></p>")
    assert [hidden.text for hidden in found.hidden] == ["a", "cd"]
    assert found.visible == "b"


def test_fields_name_their_kind_and_place() -> None:
    found = page("<form><input type=PASSWORD name=p><input name=q><select name=s>")
    assert [(f.kind, f.name) for f in found.fields] == [
        ("password", "p"),
        ("text", "q"),
        ("select", "s"),
    ]
    assert found.fields[0].place.path == "html[1]/body[1]/form[1]/input[1]"


def test_scripts_and_handlers_are_found() -> None:
    found = page("<script>a</script><p onclick=b><svg><a onfocus=c>")
    assert [(place.path.rpartition("/")[2], place.name) for place in found.scripts] == [
        ("script[1]", ""),
        ("p[1]", "onclick"),
        ("a[1]", "onfocus"),
    ]
    assert all(isinstance(place, Place) for place in found.scripts)


def test_paths_count_siblings_of_one_name() -> None:
    body = "<div></div><p></p><div><a href=https://example.net/>x</a></div>"
    link = parse(html(body)).links[0]
    assert link.place.path == "html[1]/body[1]/div[2]/a[1]"


def test_a_title_is_kept_apart() -> None:
    assert page("<title> Sign  in </title>x").title == "Sign  in"
