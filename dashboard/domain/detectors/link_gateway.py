"""A link dressed up as one that a security gateway has checked."""

from collections.abc import Iterator
from functools import lru_cache

from dashboard.domain.context import Context
from dashboard.domain.domains import unicode_host
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.lookalike import skeleton
from dashboard.domain.message import Message
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, is_listed, link_hosts, sighting

RULE = "link-gateway-lookalike"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report hosts that carry the name of a link-checking service and are none."""
    found = [(host, place) for host, place in link_hosts(message) if _poses(host)]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "The host %(host)s is named like a service that checks links, but is"
                " none that is known.",
                host=found[0][0],
            ),
            tuple(
                sighting(message, place, host, "a known gateway")
                for host, place in found[:MOST_EVIDENCE]
            ),
        )


@lru_cache(maxsize=4096)
def _poses(host: str) -> bool:
    if is_listed(host, "gateways"):
        return False
    drawn = skeleton("".join(filter(str.isalnum, unicode_host(host))))
    return any(skeleton(name) in drawn for name in table("hosts")["gateway-names"])
