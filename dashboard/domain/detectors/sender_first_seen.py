"""A stranger who asks for something in his first mail."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.calls import calls_elsewhere
from dashboard.domain.context import Context
from dashboard.domain.correspondents import is_ours
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address, sighting

RULE = "sender-first-seen"
THEMES = ("payment", "credential", "password", "gift-card")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sender new to a long record, beside a call to act or talk of money.

    To be new is no fault: whoever asks for nothing is not reported.
    """
    history = context.history
    if history is None or not history.is_first:
        return
    if not message.sender.domain or is_ours(message.sender.domain, context):
        return
    if asked := _asked(message, context):
        yield Finding(
            RULE,
            Sentence(
                "%(sender)s has never written before and asks for something."
            ).filled(sender=message.sender.mailbox),
            (of_address(message, message.sender), asked),
        )


def _asked(message: Message, context: Context) -> Evidence | None:
    """Where the mail asks its reader to do something a deceiver wants done."""
    for theme in THEMES:
        if seen := phrases.evidence(message, theme):
            return seen[0]
    for link, url in calls_elsewhere(message, context):
        return sighting(message, link.place, url.host)
    return None
