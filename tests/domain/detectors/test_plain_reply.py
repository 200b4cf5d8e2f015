"""An answer in plain words."""

import pytest

from dashboard.domain.detectors.plain_reply import detect
from tests.domain.detectors.mail import answering, discussing, linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(discussing(plain()), ["plain-reply"], id="plain words"),
        pytest.param(plain(), [], id="no answer"),
        pytest.param(answering(plain()), [], id="nothing repeated"),
        pytest.param(answering(plain("Yes.\r\n> Is it?")), [], id="a line repeated"),
        pytest.param(discussing(linked("https://example.com/")), [], id="a link"),
        pytest.param(
            discussing(plain(Reply_To="a@example.net")),
            [],
            id="another way to answer",
        ),
    ],
)
def test_has_nothing_to_click(raw, expected):
    assert rules(detect, raw) == expected
