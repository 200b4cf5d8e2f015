"""The reader's own house named as the sender by somebody outside it."""

from collections.abc import Iterator
from functools import lru_cache

from dashboard.domain.brands import owner_of
from dashboard.domain.calls import calls_elsewhere
from dashboard.domain.context import Context
from dashboard.domain.domains import brand_label, organisation
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Address, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.sightings import (
    is_freemail,
    of_address,
    of_header,
    of_name,
    organisations,
)
from dashboard.domain.words import terms

RULE = "reader-domain-borrowed"
SHORTEST = 4  # letters of a label that is no everyday word
MOST_READERS = 5
MOST_TEXT = 200  # characters of a name or subject


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report names and subjects that speak for the reader's house from outside it."""
    sender = organisation(message.sender.domain)
    houses = _houses(message, context.own_domains) if sender else ()
    if sender in houses or _is_go_between(message.sender):
        return
    for house in houses:
        if seen := _seen(message, context, house):
            yield Finding(
                RULE,
                Sentence(
                    "The mail speaks for %(house)s, the reader's own house, but"
                    " %(sender)s sent it.",
                    house=house,
                    sender=message.sender.domain,
                ),
                (*seen, of_address(message, message.sender, expected=house)),
            )
            return


def _houses(message: Message, own_domains: tuple[str, ...]) -> tuple[str, ...]:
    readers = (to.domain for to in message.to[:MOST_READERS])
    return _firms((*own_domains, *readers))


@lru_cache(maxsize=4096)
def _firms(domains: tuple[str, ...]) -> tuple[str, ...]:
    """Who registered these domains, but for hosts of free mailboxes."""
    named = (name for name in domains if "." in name and not is_freemail(name))
    return tuple(sorted(organisations(tuple(named))))


def _seen(message: Message, context: Context, house: str) -> tuple[Evidence, ...]:
    """Where a house is named: the subject and a bare label only beside a call."""
    name = plain_form(message.sender.name[:MOST_TEXT])
    if house in name:
        return (of_name(message, message.sender, house),)
    label = brand_label(house)
    is_borrowed = label in name and len(label) >= SHORTEST and label in terms(name)
    if not is_borrowed and house not in plain_form(message.subject[:MOST_TEXT]):
        return ()
    if not calls_elsewhere(message, context):
        return ()
    if is_borrowed:
        return (of_name(message, message.sender, label),)
    return of_header(message, "Subject", house)


def _is_go_between(sender: Address) -> bool:
    """Whether a known company writes and says for whom ("Robin via Example")."""
    is_known = owner_of(sender.domain) is not None and not is_freemail(sender.domain)
    return is_known and "via" in terms(sender.name[:MOST_TEXT])
