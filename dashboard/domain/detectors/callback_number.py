"""A telephone number in place of a link: the trap is on the line."""

from collections.abc import Iterator
from itertools import islice

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import is_freemail, of_address, sighting
from dashboard.domain.surroundings import is_answer

RULE = "callback-number"
MOST_TEXT = 8_000
MOST_NUMBERS = 5  # of one text
FEWEST_DIGITS = 9
_NUMBER = r"(\+?[0-9(][0-9() .\x{2010}-\x{2015}-]{8,18}[0-9])"
_CALL = re2.compile(
    r"(?is)\b(?:call|phone|dial|contact|toll[- ]?free|help ?(?:line|desk)|number|ligue"
    rf"|anrufen|rufen|llame|appele[zr]|numero|nummer)\b.{{0,60}}?{_NUMBER}"
)
# What a company would write about, and no friend.
_BUSINESS = re2.compile(
    r"(?i)\b(?:invoice|order|subscription|renew(?:al|ed)?|charged?|refund|transaction"
    r"|payment|purchased?|account|debited|deducted|cancel(?:lation)?|membership"
    r"|customer|support|billing|warranty|rechnung|bestellung|abo(?:nnement)?|kunden"
    r"|commande|facture|pedido|factura|fatura|assinatura|ordine|fattura)\b"
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a number to call about business in a first mail of a private mailbox."""
    sender = message.sender
    if not is_freemail(sender.domain):
        return
    for text, place in sources(message):
        span = _number(text[:MOST_TEXT])
        if span and _is_business(message) and not is_answer(message):
            number = sighting(message, part_of(place, *span))
            yield Finding(
                RULE,
                Sentence(
                    "The reader is to call %(number)s about business; the mail comes"
                    " from a private mailbox at %(domain)s.",
                    number=text[slice(*span)],
                    domain=sender.domain,
                ),
                (number, of_address(message, sender)),
            )
            return


def _number(text: str) -> tuple[int, int] | None:
    """Where the first whole telephone number to call stands."""
    for found in islice(_CALL.finditer(text), MOST_NUMBERS):
        if sum(char.isdigit() for char in found[1]) >= FEWEST_DIGITS:
            return found.start(1), found.end(1)
    return None


def _is_business(message: Message) -> bool:
    """Whether a mail is about money or service."""
    return any(_BUSINESS.search(text[:MOST_TEXT]) for text, _ in sources(message))
