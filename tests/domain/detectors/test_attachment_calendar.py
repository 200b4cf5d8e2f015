"""Invitations with a link."""

import pytest

from dashboard.domain.detectors.attachment_calendar import detect
from tests.domain.detectors.mail import carrying, rules


def invitation(lines: bytes) -> bytes:
    return carrying("i.ics", b"BEGIN:VCALENDAR\r\n" + lines, "text/calendar")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            carrying(
                "i.ics",
                b"BEGIN:VCALENDAR\r\nURL:https://www.example.com/\r\n",
                "text/calendar",
            ),
            [],
            id="home",
        ),
        pytest.param(
            carrying(
                "i.ics",
                b"BEGIN:VCALENDAR\r\nURL:https://zoom.us/j/1\r\n",
                "text/calendar",
            ),
            [],
            id="a meeting place",
        ),
        pytest.param(
            carrying(
                "i.ics",
                b"BEGIN:VCALENDAR\r\nURL:https://evil.example/\r\n",
                "text/calendar",
            ),
            ["attachment-calendar"],
            id="a stranger",
        ),
        pytest.param(
            invitation(
                b"SUMMARY:Verify your account\r\nURL:https://www.example.com/\r\n"
            ),
            ["attachment-calendar"],
            id="a sign-in at home",
        ),
        pytest.param(
            invitation(b"SUMMARY:Verify your account\r\n"), [], id="a sign-in nowhere"
        ),
        pytest.param(
            invitation(b"DESCRIPTION:See https://www.exa\r\n mple.com/a\r\n"),
            [],
            id="home on two lines",
        ),
        pytest.param(
            invitation(b"DESCRIPTION:See https://evil.exa\r\n mple/a\r\n"),
            ["attachment-calendar"],
            id="a stranger on two lines",
        ),
    ],
)
def test_reads_invitations(raw, expected):
    assert rules(detect, raw) == expected
