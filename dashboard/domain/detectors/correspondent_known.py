"""Against deceit: somebody the organisation has dealt with before, and to no harm."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.correspondents import is_ours, is_vouched
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address

RULE = "correspondent-known"
_ANSWERED = Sentence("The organisation has written to %(sender)s itself before.")
_SEEN = Sentence(
    "Proven mail of %(sender)s has come in before, on %(days)s days since %(first)s."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a confirmed sender who has been answered, or has written for a while.

    A mail that nobody confirmed is not the correspondent's, whatever it shows.
    """
    history = context.history
    if history is None or not history.is_known:
        return
    if is_ours(message.sender.domain, context) or not is_vouched(message, context):
        return
    told = _ANSWERED if history.answered else _SEEN
    yield Finding(
        RULE,
        told.filled(
            sender=message.sender.mailbox, days=history.days, first=history.first_seen
        ),
        (of_address(message, message.sender),),
        Polarity.AGAINST,
    )
