"""A sender or link under an ending that costs nothing and is used once."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import public_suffix
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    is_listed,
    of_address,
    sighting,
    web_links,
)
from dashboard.domain.surroundings import is_report

SENDER_RULE = "sender-throwaway-ending"
LINK_RULE = "link-throwaway-ending"
FEWEST_OF = 5  # a newsletter may mention one such page among many


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report top-level domains that host little besides throwaway names."""
    domain = message.sender.domain
    if domain and (_is_cheap(domain) or _is_lodging(message)):
        yield Finding(
            SENDER_RULE,
            Sentence(
                "The sender's domain %(domain)s has an ending that is often"
                " used once and thrown away.",
                domain=domain,
            ),
            (of_address(message, message.sender),),
        )
    links = list(web_links(message))
    found = [(link, url) for link, url in links if _is_cheap(url.host)]
    if len(found) * FEWEST_OF > len(links):
        yield Finding(
            LINK_RULE,
            Sentence(
                "A link leads to %(host)s, whose ending is often used once and"
                " thrown away.",
                host=found[0][1].host,
            ),
            tuple(
                sighting(message, link.place, url.host)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )


def _is_lodging(message: Message) -> bool:
    """Whether the sender has no domain but a name that a provider gives anyone."""
    return is_listed(message.sender.domain, "open-houses") and not is_report(message)


def _is_cheap(host: str) -> bool:
    return is_listed(public_suffix(host).rpartition(".")[2], "throwaway-tlds")
