"""An invitation that puts a stranger's link or a sign-in into the calendar."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.places import in_text
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)
from dashboard.domain.urls import Url

RULE = "attachment-calendar"
MOST_PARTS = 3


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report invitations that lead away from the sender, or that ask to sign in."""
    speakers = homes(message, context.own_domains)
    links = _offered(message)
    found = [each for each in links if organisation(each[1].host) not in speakers]
    if found:
        summary = Sentence(
            "An invitation puts a link to %(host)s into the calendar.",
            host=found[0][1].host,
        )
        yield Finding(RULE, summary, _shown(message, found))
    elif links and (asked := _asked(message)):
        quoted = " ".join(asked.value.split())[: phrases.LONGEST_QUOTE]
        summary = Sentence(
            "An invitation asks to sign in at its link: “%(quoted)s”.", quoted=quoted
        )
        yield Finding(RULE, summary, (asked, *_shown(message, links)))


def _offered(message: Message) -> list[tuple[Link, Url]]:
    """The links of invitations, besides those to where meetings are held."""
    return [
        (link, url)
        for link, url in web_links(message)
        if link.kind is LinkKind.CALENDAR
        and not is_listed(url.host, "meeting-places")
        and not is_listed(url.host, "common-places")
    ]


def _shown(message: Message, links: list[tuple[Link, Url]]) -> tuple[Evidence, ...]:
    return tuple(
        sighting(message, link.place, url.host, message.sender.domain)
        for link, url in links[:MOST_EVIDENCE]
    )


def _asked(message: Message) -> Evidence | None:
    """The first words of an invitation that want an account confirmed."""
    parts = [part for part in message.parts if part.media_type == "text/calendar"]
    for part in parts[:MOST_PARTS]:
        for start, end in phrases.spans(part.text, "credential"):
            return sighting(message, in_text(part, start, end))
    return None
