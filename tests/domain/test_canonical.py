"""The forms of headers and bodies that are signed, as RFC 6376 shows them."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.domain.canonical import BODIES, HEADERS

FIELDS = (b"A: X\r\n", b"B : Y\t\r\n\tZ  \r\n")
BODY = b" C \r\nD \t E\r\n\r\n\r\n"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("simple", [b"A: X\r\n", b"B : Y\t\r\n\tZ  \r\n"]),
        ("relaxed", [b"a:X\r\n", b"b:Y Z\r\n"]),
    ],
)
def test_headers_are_written_as_the_rfc_does(form, expected):
    assert [HEADERS[form](field) for field in FIELDS] == expected


@pytest.mark.parametrize(
    ("form", "body", "expected"),
    [
        pytest.param("simple", BODY, b" C \r\nD \t E\r\n", id="of the RFC"),
        pytest.param("relaxed", BODY, b" C\r\nD E\r\n", id="of the RFC, relaxed"),
        pytest.param("simple", b"", b"\r\n", id="nothing"),
        pytest.param("relaxed", b"", b"", id="nothing, relaxed"),
        pytest.param("simple", b"\r\n\r\n", b"\r\n", id="empty lines"),
        pytest.param("relaxed", b" \r\n\t\r\n", b"", id="blank lines"),
        pytest.param("simple", b"x", b"x\r\n", id="no line break at the end"),
        pytest.param("relaxed", b"x \t", b"x\r\n", id="blanks at the end"),
        pytest.param("simple", b"x\ny\n", b"x\r\ny\r\n", id="bare line breaks"),
        pytest.param("relaxed", b"\tx", b" x\r\n", id="a blank in front"),
    ],
)
def test_bodies_are_written_as_the_rfc_does(form, body, expected):
    assert BODIES[form](body) == expected


@given(some.lists(some.sampled_from([b" ", b"\t", b"\r\n", b"a", b"b"])).map(b"".join))
def test_a_body_is_narrowed_as_a_pattern_would(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip() for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()

    assert BODIES["relaxed"](body) == b"".join(line + b"\r\n" for line in lines)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b" \t" * 2_000_000 + b"x", id="one long run"),
        pytest.param(b"x " * 2_000_000, id="many short ones"),
        pytest.param(b" \t\r\n" * 1_000_000, id="blank lines"),
        pytest.param(b"x" + b" \r\n" * 1_000_000 + b"x", id="blank lines inside"),
        pytest.param((b"x" + b" " * 4000) * 1000, id="long runs"),
    ],
)
@pytest.mark.parametrize("form", ["simple", "relaxed"])
def test_a_body_full_of_white_space_takes_linear_time(form, body):
    started = time.thread_time()

    BODIES[form](body)

    assert time.thread_time() - started < 0.5
