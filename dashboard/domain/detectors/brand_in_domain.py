"""A well-known name inside a domain that belongs to somebody else."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.imitations import embedded
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, hosts, sighting

RULE = "brand-in-subdomain"
FEWEST_OF = 20  # a newsletter may lead to one such host among many


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report sender, reply and link hosts that carry a brand they do not belong to."""
    own = {organisation(domain) for domain in context.own_domains}
    found = [
        (like, place)
        for host, place in hosts(message)
        if (like := embedded(host, context.protected)) and organisation(host) not in own
    ]
    if len(found) * FEWEST_OF >= len(hosts(message)) and found:
        like = found[0][0]
        yield Finding(
            RULE,
            Sentence(
                "The host %(host)s carries the name of %(original)s but belongs"
                " to %(owner)s.",
                host=like.host,
                original=like.original,
                owner=organisation(like.host),
            ),
            tuple(
                sighting(message, place, like.host, like.original)
                for like, place in found[:MOST_EVIDENCE]
            ),
        )
