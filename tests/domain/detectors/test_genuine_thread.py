"""An answer that quotes what it answers."""

import pytest

from dashboard.domain.detectors.genuine_thread import detect
from tests.domain.detectors.mail import OWN, checked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            plain("> one\r\n> two\r\nYes.", In_Reply_To="<1@example.org>"),
            ["thread-genuine"],
            id="both",
        ),
        pytest.param(plain("Yes.", In_Reply_To="<1@example.org>"), [], id="no quote"),
        pytest.param(plain("> one\r\n> two\r\nYes."), [], id="no reference"),
    ],
)
def test_needs_a_reference_and_a_quote(raw, expected):
    assert rules(detect, raw) == expected


@pytest.mark.parametrize(
    ("result", "earlier", "expected"),
    [
        pytest.param("pass", "1@example.org", ["thread-genuine"], id="ours"),
        pytest.param("fail", "1@example.org", [], id="of a forged sender"),
        pytest.param("pass", "1@elsewhere.example", [], id="a stranger's"),
        pytest.param("pass", "1@example.com", [], id="the sender's own"),
    ],
)
def test_a_confirmed_sender_may_answer_a_mail_of_ours(result, earlier, expected):
    raw = f"In-Reply-To: <{earlier}>\r\n".encode() + checked("example.com", result)

    assert rules(detect, raw, OWN) == expected
