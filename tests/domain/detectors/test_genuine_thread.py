"""An answer that quotes what it answers."""

import pytest

from dashboard.domain.detectors.genuine_thread import detect
from tests.domain.detectors.mail import (
    OWN,
    answering,
    checked,
    discussing,
    linked,
    page,
    plain,
    rules,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(discussing(plain("Yes.")), ["thread-genuine"], id="both"),
        pytest.param(
            discussing(linked("https://example.com/desk", "The desk")),
            ["thread-genuine"],
            id="a link at the foot",
        ),
        pytest.param(answering(plain("Yes.")), [], id="no quote"),
        pytest.param(answering(plain("> one\r\n> two\r\nYes.")), [], id="two lines"),
        pytest.param(plain(f"> {'one ' * 40}\r\nYes."), [], id="no reference"),
        pytest.param(
            discussing(linked("https://evil.example/", "Sign in now")),
            [],
            id="a call of its own",
        ),
        pytest.param(
            discussing(page("<form action='https://evil.example/'><input></form>")),
            [],
            id="a form of its own",
        ),
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
