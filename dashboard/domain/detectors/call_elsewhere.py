"""A button or line that says what to do now and leads to somebody else's page."""

from collections.abc import Iterator

from dashboard.domain.calls import calls_elsewhere
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "call-elsewhere"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report calls to act whose link leads to neither sender nor reader."""
    found = calls_elsewhere(message, context)
    if found:
        yield Finding(
            RULE,
            Sentence(
                "The mail wants a link to be followed that leads to %(host)s,"
                " not to %(sender)s.",
                host=found[0][1].host,
                sender=message.sender.domain,
            ),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
