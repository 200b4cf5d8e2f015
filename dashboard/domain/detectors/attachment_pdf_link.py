"""A document whose only purpose is the link on it."""

from collections.abc import Iterator

from dashboard.domain import pdf_links
from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_name, in_type
from dashboard.domain.sightings import homes, is_listed, sighting
from dashboard.domain.urls import split

RULE = "attachment-pdf-link"
MOST_FILES = 10
MOST_HOUSES = 2  # a document with more is one to read


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the first PDF document whose few links lead to a stranger."""
    budget = pdf_links.Budget()
    for file in message.attachments[:MOST_FILES]:
        links = pdf_links.read(file.content, budget)
        hosts = {split(url).host for url in links} - {""}
        if len({organisation(host) for host in hosts}) > MOST_HOUSES:
            continue
        away = [host for host in sorted(hosts) if _is_away(message, context, host)]
        if away:
            place = in_name(file) if file.name else in_type(file)
            yield Finding(
                RULE,
                Sentence(
                    "The document %(file)s leads to %(host)s, not to %(domain)s.",
                    file=repr(file.name),
                    host=away[0],
                    domain=message.sender.domain,
                ),
                (sighting(message, place, away[0], message.sender.domain),),
            )
            return


def _is_away(message: Message, context: Context, host: str) -> bool:
    """Whether a host is a stranger's, and none that any document may name."""
    if is_listed(host, "common-places") and not is_listed(host, "user-content"):
        return False
    brand = owner_of(message.sender.domain, context.protected)
    if brand is not None and brand.owns(host):
        return False
    return organisation(host) not in homes(message, context.own_domains)
