"""A date that cannot be true, to stand first in the mailbox or to seem old."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.hops import stamped
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_header

RULE = "header-date-anomaly"
AHEAD = timedelta(hours=12)
BEHIND = timedelta(days=10)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a missing date, or one far from the day the mail was received."""
    arrived = _arrival(message)
    if message.date is None:
        yield _finding(message, Sentence("The mail has no readable date."), "a date")
    elif arrived and message.date - arrived > AHEAD:
        yield _finding(
            message, Sentence("The mail is dated in the future."), str(arrived)
        )
    elif arrived and arrived - message.date > BEHIND:
        days = (arrived - message.date).days
        summary = Sentence(
            "The mail is dated %(days)s days before it was received.", days=days
        )
        yield _finding(message, summary, str(arrived))


def _finding(message: Message, summary: Sentence, expected: str) -> Finding:
    observed = str(message.date or "none")
    return Finding(RULE, summary, of_header(message, "Date", observed, expected))


def _arrival(message: Message) -> datetime | None:
    """When the last server says it received the mail."""
    received = message.first("Received")
    if received is None:
        return None
    date = received.value.rpartition(";")[2].strip()[:100]
    try:
        told = stamped(date) or parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
