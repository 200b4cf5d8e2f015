"""Words meant for the program that reads the mail: orders to it, or its own seal."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Place, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import (
    MOST_TEXT,
    origins,
    plain_bytes,
    plain_form,
    sources,
)
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.surroundings import is_answer, is_report

RULE = "text-for-machines"
MOST_HIDDEN = 20  # hidden texts that are read
LONGEST_QUOTE = 80
_QUOTES = frozenset("\"'`“”„‘’«»")  # around words that are spoken of
_ORDERS = Sentence("The text gives orders to a program that reads it: “%(said)s”.")
_VOUCHING = Sentence("The mail vouches for itself as a filter would: “%(said)s”.")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report orders to automatic readers, shown or hidden, and borrowed seals."""
    seen = tuple(islice(_seen(message), MOST_EVIDENCE))
    if seen and not is_answer(message) and not is_report(message):
        said = seen[0].observed
        is_order = _together("orders").search(plain_form(said)) is not None
        told = _ORDERS if is_order else _VOUCHING
        quoted = " ".join(said.split())[:LONGEST_QUOTE]
        yield Finding(RULE, told.filled(said=quoted), seen)


def _seen(message: Message) -> Iterator[Evidence]:
    is_said = _together("orders", "vouching").search(plain_bytes(message)) is not None
    for text, place in sources(message) if is_said else ():
        if span := _span(text):
            yield sighting(message, part_of(place, *span), text[slice(*span)])
    for text, place in islice(_hidden(message), MOST_HIDDEN):
        if span := _span(text):
            yield sighting(message, place, text[slice(*span)])


def _hidden(message: Message) -> Iterator[tuple[str, Place]]:
    bodies = (page for page in message.html if page.is_body)
    return ((each.text, each.place) for page in bodies for each in page.hidden)


def _span(text: str) -> tuple[int, int] | None:
    """Where such words stand that are not themselves spoken of."""
    text = text[:MOST_TEXT]
    for hit in _together("orders", "vouching").finditer(plain_form(text)):
        origin = origins(text)
        start, end = origin[hit.start()], origin[hit.end() - 1] + 1
        around = (text[max(0, start - 1) : start], text[end : end + 1])
        if not all(sign and sign in _QUOTES for sign in around):
            return start, end
    return None


@cache
def _together(*kinds: str) -> "re2._Regexp":
    patterns = (each for kind in kinds for each in table("machines")[kind])
    spaced = (f"(?:{each.replace(' ', r'[[:space:]]+')})" for each in patterns)
    return re2.compile("|".join(spaced))
