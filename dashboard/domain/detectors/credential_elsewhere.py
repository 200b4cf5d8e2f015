"""A pretext to sign in whose every link leads away from the one who gives it."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.sightings import (
    homes,
    is_listed,
    of_address,
    sighting,
    web_links,
)
from dashboard.domain.surroundings import is_quoted
from dashboard.domain.urls import Url

RULE = "credential-elsewhere"
MOST_LINKS = 2  # shown
_FOLLOWED = frozenset({LinkKind.ANCHOR, LinkKind.FORM, LinkKind.TEXT})


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a request to sign in or confirm that only leads to strangers' pages."""
    heard = (
        *phrases.evidence(message, "credential"),
        *phrases.evidence(message, "password"),
    )
    told = [seen for seen in heard if not is_quoted(message, seen)]
    links = _followed(message) if told and message.sender.domain else []
    if not links or any(_is_home(message, context, url.host) for _, url in links):
        return
    host = links[0][1].host
    yield Finding(
        RULE,
        Sentence(
            "The text wants the reader to sign in, but its links lead to"
            " %(host)s, not to %(sender)s.",
            host=host,
            sender=message.sender.domain,
        ),
        (
            told[0],
            *(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in links[:MOST_LINKS]
            ),
            of_address(message, message.sender),
        ),
    )


def _followed(message: Message) -> list[tuple[Link, Url]]:
    """The links a reader may sign in behind."""
    return [
        (link, url)
        for link, url in web_links(message)
        if link.kind in _FOLLOWED and not _is_passing(url.host)
    ]


def _is_passing(host: str) -> bool:
    """Whether any mail may lead there; a page that anyone can put up is none such."""
    is_usual = is_listed(host, "common-places") or is_listed(host, "bulk-senders")
    return is_usual and not is_listed(host, "user-content")


def _is_home(message: Message, context: Context, host: str) -> bool:
    """Whether a host is the sender's, our own, or the same company's."""
    if organisation(host) in homes(message, context.own_domains):
        return True
    brand = owner_of(message.sender.domain)
    return brand is not None and brand.owns(host)
