"""Against deceit: a newsletter one can leave with one click, at its own sender."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import is_listed, of_header
from dashboard.domain.urls import split

RULE = "list-unsubscribe-ok"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a one-click way out (RFC 8058) at the sender or its mailing service."""
    header = message.first("List-Unsubscribe")
    one_click = message.first("List-Unsubscribe-Post")
    if header is None or one_click is None:
        return
    home = organisation(message.sender.domain)
    ends = [split(each.strip(" <>")).host for each in header.value[:4000].split(",")]
    if any(
        end and (organisation(end) == home or is_listed(end, "bulk-senders"))
        for end in ends
    ):
        yield Finding(
            RULE,
            Sentence(
                "The mail can be unsubscribed from with one click, at its own sender."
            ),
            of_header(message, "List-Unsubscribe"),
            Polarity.AGAINST,
        )
