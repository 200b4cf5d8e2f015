"""A fortune spoken of in a mail nobody waited for."""

import re
from collections.abc import Iterator
from itertools import islice

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import sighting
from dashboard.domain.strangers import followed
from dashboard.domain.surroundings import is_answer

RULE = "large-sum"
MOST_TEXT = 6_000  # characters in which a stranger comes to the point
MOST_SUMS = 20  # of one text
_SIGN = r"us ?\$|\$|€|£"
_NAME = r"usd|euros?|eur|gbp|u\.s\. ?dollars?|dollars?|pounds?"
_BEFORE = rf"(?:{_SIGN}|\b(?:{_NAME}))"
_BEHIND = rf"(?:{_SIGN}|(?:{_NAME})\b)"
_DIGITS = r"[0-9]{1,3}(?:[., ][0-9]{3}){2,}"
_AMOUNT = r"[0-9]+(?:[.,][0-9]+)?"
_COUNT = r"one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+ hundred"
_MILLIONS = (
    r"(?:mio\.?|millions?|billions?|million(?:en|es)|milh(?:õ|o)es|milion[ei]|miljoen)"
)
_COINS = r"[1-9][0-9]*(?:[.,][0-9]+)? ?(?:btc|bitcoins?)|[1-9][0-9]{3,} ?(?:eth|usdt)"
_SUM = re2.compile(
    rf"(?i){_BEFORE} ?{_DIGITS}|{_DIGITS}(?:[.,][0-9]{{2}})? ?{_BEHIND}"
    rf"|\b(?:{_AMOUNT}|{_COUNT}) ?{_MILLIONS} (?:\pL+ |d'){{0,3}}{_BEHIND}"
    rf"|{_BEFORE} ?{_AMOUNT} ?(?:{_MILLIONS}|m)\b"
    rf"|(?:^|[\s+(])(?:{_COINS})\b"
    r"|[+] ?(?:\$ ?[0-9]{2,3}[.,][0-9]{3}|[0-9]{2,3}[.,][0-9]{3} ?\$)"
)
_SPACED = re.compile(r"[0-9]+(?: [0-9]+)+ ?[^0-9., ]")
_PRICE = re.compile(r"\s?[0-9]")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sum of a million, or of coins, in a first mail without links."""
    if followed(message):
        return
    seen = tuple(_seen(message))
    if seen and not is_answer(message):
        told = " ".join(seen[0].value.split())
        yield Finding(RULE, Sentence("The text speaks of %(sum)s.", sum=told), seen)


def _seen(message: Message) -> Iterator[Evidence]:
    """The first sum of the subject and of each body."""
    for text, place in sources(message):
        told = text[:MOST_TEXT]
        for found in islice(_SUM.finditer(told), MOST_SUMS):
            if _is_number(found[0], told, found.end()):
                continue
            start = found.end() - len(found[0].lstrip(" \t\r\n+("))
            yield sighting(message, part_of(place, start, found.end()))
            break


def _is_number(said: str, text: str, end: int) -> bool:
    """Whether it is a number of something, and the money belongs to a price behind."""
    return bool(_SPACED.match(said) and _PRICE.match(text, end))
