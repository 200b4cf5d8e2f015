"""An answer in plain words."""

import pytest

from dashboard.domain.detectors.plain_reply import detect
from tests.domain.detectors.mail import linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            plain(In_Reply_To="<1@example.org>"), ["plain-reply"], id="plain words"
        ),
        pytest.param(plain(), [], id="no answer"),
        pytest.param(
            linked("https://example.com/", In_Reply_To="<1@example.org>"),
            [],
            id="a link",
        ),
        pytest.param(
            plain(In_Reply_To="<1@example.org>", Reply_To="a@example.net"),
            [],
            id="another way to answer",
        ),
    ],
)
def test_has_nothing_to_click(raw, expected):
    assert rules(detect, raw) == expected
