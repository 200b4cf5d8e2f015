"""A well-known company's name in front of an address that is not the company's."""

from collections.abc import Iterator

from dashboard.domain.brands import Mention, named_in
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import part_of
from dashboard.domain.sightings import (
    homes,
    of_address,
    of_name,
    organisations,
    sighting,
)

RULE = "display-name-brand"
_STRANGER = Sentence(
    "The sender calls itself %(name)s, but %(domain)s does not belong to %(brand)s."
)
_NOWHERE = Sentence(
    "The sender calls itself %(name)s, but names no address of %(brand)s."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the first brand in the sender's name that does not own its domain."""
    sender = message.sender
    if homes(message) & organisations(context.own_domains):
        return
    if " via " in sender.name and message.first("List-Id") is not None:
        return  # a mailing list put its own address in the author's place
    named = named_in(sender.name, context.protected)
    if not named or any(mention.brand.owns(sender.domain) for mention in named):
        return
    brand = named[0].brand
    told = _STRANGER if "." in sender.domain else _NOWHERE
    yield Finding(
        RULE,
        told.filled(
            name=sender.name.strip(),
            domain=sender.domain,
            brand=brand.title,
        ),
        (
            _named(message, named[0]),
            of_address(message, sender, expected=brand.home),
        ),
    )


def _named(message: Message, mention: Mention) -> Evidence:
    sender = message.sender
    expected = mention.brand.home
    place = sender.name_place
    if place is None or place.start is None or place.end is None:
        return of_name(message, sender, mention.brand.names[0], expected)
    if place.end - place.start != len(sender.name):
        return of_name(message, sender, mention.brand.names[0], expected)
    spot = part_of(place, mention.start, mention.end)
    return sighting(message, spot, mention.brand.names[0], expected)
