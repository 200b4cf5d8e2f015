"""What is read of an invitation."""

import pytest

from dashboard.domain import views
from dashboard.domain.calendars import read
from dashboard.domain.message import LinkKind
from dashboard.domain.parsing import parse
from tests.codes import mail

EVENT = (
    "BEGIN:VCALENDAR\r\nX-NAME:outside\r\nBEGIN:VEVENT\r\n"
    "ORGANIZER;CN=Desk:mailto:desk@example.com\r\nSUMMARY:Review\\, once\r\n"
    " more\r\nDTSTART;TZID=Europe/Berlin:20261120T100000\r\n"
    "LOCATION:https://meet.example.net/a\r\nDESCRIPTION:One\\nTwo\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Another\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_the_first_event_is_read():
    found = read(EVENT)

    assert found.organizer == "mailto:desk@example.com"
    assert (found.summary, found.start) == ("Review, oncemore", "20261120T100000")
    assert found.description == "One\nTwo"


@pytest.mark.parametrize(
    "text", ["", "BEGIN:VCALENDAR", "SUMMARY:alone", ":", "\\" * 9]
)
def test_there_is_none_where_no_event_begins(text):
    assert read(text) is None


def test_an_event_without_an_end_is_read():
    assert read("BEGIN:VEVENT\nSUMMARY:a\\").summary == "a"


@pytest.mark.parametrize("kind", ["text/calendar", "application/ics"])
def test_it_is_shown_with_its_links_whatever_its_type(kind):
    message = parse(mail((kind, EVENT.encode())))

    assert views.tabs(message)["invitations"][0]["summary"] == "Review, oncemore"
    assert [link.kind for link in message.links] == [LinkKind.CALENDAR]
