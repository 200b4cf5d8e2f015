"""Forms in a mail."""

import pytest

from dashboard.domain.detectors.body_form import detect
from tests.domain.detectors.mail import carrying, page, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(page("<p>Hello</p>"), [], id="none"),
        pytest.param(page("<form><input name=q></form>"), [], id="a search box"),
        pytest.param(page("<form><input type=submit></form>"), [], id="a button"),
        pytest.param(
            page("<form><input type=email></form>"),
            ["form-in-body"],
            id="an address to give",
        ),
        pytest.param(
            page("<form><input name=a><input name=b></form>"),
            ["form-in-body"],
            id="two fields",
        ),
        pytest.param(
            page("<form><input type=password></form>"),
            ["form-in-body", "form-password"],
            id="a password",
        ),
        pytest.param(
            carrying("a.html", b"<html><input type=password>"),
            ["form-password"],
            id="a password in a file",
        ),
    ],
)
def test_finds_fields(raw, expected):
    assert rules(detect, raw) == expected
