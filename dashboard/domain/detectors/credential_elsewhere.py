"""A pretext to sign in whose every link leads away from the one who gives it."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address, sighting
from dashboard.domain.strangers import followed, strangers
from dashboard.domain.surroundings import is_quoted

RULE = "credential-elsewhere"
MOST_LINKS = 2  # shown


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a request to sign in or confirm that only leads to strangers' pages."""
    heard = (
        *phrases.evidence(message, "credential"),
        *phrases.evidence(message, "password"),
    )
    told = [seen for seen in heard if not is_quoted(message, seen)]
    links = strangers(message, context) if told else ()
    if not links or len(links) != len(followed(message)):
        return
    # A deceiver adds links to the company he borrows.
    links = tuple(sorted(links, key=lambda led: owner_of(led[1].host) is not None))
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
