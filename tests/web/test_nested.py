"""What is inside of a message, on its receipt: other messages, invitations."""

from tests import factories
from tests.codes import mail
from tests.domain.test_calendars import EVENT
from tests.web.examined import examined

DEEPEST = factories.eml("Third <b>", body="Deepest")
INNER = mail(("message/rfc822", DEEPEST), body="Second text", Subject="Second")


def inside(browser, *files):
    analysis_id = examined(browser.account, mail(*files))
    return browser.get(f"/analyses/{analysis_id}").select_one("#p-nested")


def test_messages_are_shown_as_messages(analyst):
    pane = inside(analyst, ("message/rfc822", INNER))
    subjects = [each.text for each in pane.select("dd:nth-of-type(1)")]

    assert subjects == ["Second", "Third <b>"]
    assert "desk@example[.]com" in pane.text
    assert [t.text.strip() for t in pane.select(".pn-text")] == [
        "Second text",
        "Deepest",
    ]


def test_an_invitation_says_who_asks_to_what(analyst):
    pane = inside(analyst, ("text/calendar", EVENT.encode()))

    assert "desk@example[.]com" in pane.text
    assert "Review, oncemore" in pane.text
    assert not pane.select("a")


def test_there_is_no_tab_where_nothing_is_inside(analyst):
    assert inside(analyst) is None
