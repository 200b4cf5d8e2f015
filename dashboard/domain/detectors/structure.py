"""A mail built to break or to mislead the program that reads it."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "structure-breach"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the limits on hostile input that the mail passed."""
    if message.breaches:
        yield Finding(
            RULE,
            Sentence(
                "The mail is built in an abnormal way: %(told)s",
                told=message.breaches[0].detail,
            ),
            tuple(
                sighting(message, breach.place, breach.limit)
                for breach in message.breaches[:MOST_EVIDENCE]
            ),
        )
