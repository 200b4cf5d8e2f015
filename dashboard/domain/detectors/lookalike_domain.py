"""A domain drawn or spelt like one the reader knows."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Evidence, Finding, Place, Sentence
from dashboard.domain.imitations import MISSPELT, Imitation, imitated
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, hosts, sighting

LOOKALIKE_RULE = "lookalike-domain"
CONFUSABLE_RULE = "confusable-domain"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report sender, reply and link domains that imitate a brand's or our own."""
    spelt: list[tuple[Imitation, Place]] = []
    drawn: list[tuple[Imitation, Place]] = []
    own = {organisation(domain) for domain in context.own_domains}
    for host, place in hosts(message):
        like = imitated(host, context.own_domains, context.protected)
        if like is not None and organisation(host) not in own:
            is_spelt = like.how == MISSPELT or "xn--" not in host
            (spelt if is_spelt else drawn).append((like, place))
    for rule, found in ((LOOKALIKE_RULE, spelt), (CONFUSABLE_RULE, drawn)):
        if found:
            like = found[0][0]
            yield Finding(
                rule,
                Sentence(
                    "The domain %(host)s imitates %(original)s.",
                    host=like.host,
                    original=like.original,
                ),
                tuple(_evidence(message, *each) for each in found[:MOST_EVIDENCE]),
            )


def _evidence(message: Message, like: Imitation, place: Place) -> Evidence:
    return sighting(message, place, like.host, like.original)
