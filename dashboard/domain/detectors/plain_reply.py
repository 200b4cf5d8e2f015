"""Against deceit: an answer in plain words, with nothing to click or to open."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import clickable, of_header
from dashboard.domain.surroundings import is_answer

RULE = "plain-reply"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report an answer without links, forms or attachments."""
    if message.attachments or message.reply_to or not is_answer(message):
        return
    if not any(True for _ in clickable(message)):
        yield Finding(
            RULE,
            Sentence(
                "The mail is an answer in plain words; there is nothing to"
                " click or open."
            ),
            of_header(message, "In-Reply-To"),
            Polarity.AGAINST,
        )
