"""Invitations with a link."""

import pytest

from dashboard.domain.detectors.attachment_calendar import detect
from tests.domain.detectors.mail import carrying, rules


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
    ],
)
def test_reads_invitations(raw, expected):
    assert rules(detect, raw) == expected
