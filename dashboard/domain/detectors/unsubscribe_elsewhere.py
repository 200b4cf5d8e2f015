"""A way off the list that leads to somebody who never wrote."""

from collections.abc import Iterator

from dashboard.domain.calls import is_way_off
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.strangers import followed, strangers
from dashboard.domain.surroundings import is_answer

RULE = "unsubscribe-elsewhere"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report leaving links at strangers in mail none of whose links leads home."""
    away = strangers(message, context)
    if not away or len(away) != len(followed(message)):
        return
    envelope = organisation(message.return_path.domain)
    found = [
        (link, url)
        for link, url in away
        if link.kind is LinkKind.ANCHOR
        and organisation(url.host) != envelope
        and is_way_off(message, link)
    ]
    if found and not is_answer(message):
        yield Finding(
            RULE,
            Sentence(
                "The way off this list leads to %(host)s, which is not %(sender)s.",
                host=found[0][1].host,
                sender=message.sender.domain,
            ),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )
