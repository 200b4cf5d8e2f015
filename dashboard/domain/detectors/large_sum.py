"""A fortune spoken of in a mail nobody waited for."""

from collections.abc import Iterator

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import sighting
from dashboard.domain.strangers import followed, is_answer

RULE = "large-sum"
MOST_TEXT = 6_000  # characters in which a stranger comes to the point
_MONEY = r"(?:usd|us ?\$|\$|€|eur|euros?|£|gbp|u\.s\. ?dollars?|dollars?|pounds?)"
_DIGITS = r"[0-9]{1,3}(?:[., ][0-9]{3}){2,}"
_AMOUNT = r"[0-9]+(?:[.,][0-9]+)?"
_COUNT = r"one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+ hundred"
_MILLIONS = (
    r"(?:mio\.?|millions?|billions?|million(?:en|es)|milh(?:õ|o)es|milion[ei]|miljoen)"
)
_COINS = r"[1-9][0-9]*(?:[.,][0-9]+)? ?(?:btc|bitcoins?)|[1-9][0-9]{3,} ?(?:eth|usdt)"
_SUM = re2.compile(
    rf"(?i){_MONEY} ?{_DIGITS}|{_DIGITS}(?:[.,][0-9]{{2}})? ?{_MONEY}"
    rf"|\b(?:{_AMOUNT}|{_COUNT}) ?(?:{_MILLIONS}|m) (?:\pL+ |d'){{0,3}}{_MONEY}"
    rf"|{_MONEY} ?{_AMOUNT} ?(?:{_MILLIONS}|m)\b"
    rf"|(?:^|[\s+(])(?:{_COINS})\b"
    r"|[+] ?(?:\$ ?[0-9]{2,3}[.,][0-9]{3}|[0-9]{2,3}[.,][0-9]{3} ?\$)"
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sum of a million, or of coins, in a first mail without links."""
    if followed(message) or message.first("In-Reply-To") is not None:
        return
    seen = tuple(_seen(message))
    if seen and not is_answer(message):
        told = " ".join(seen[0].value.split())
        yield Finding(RULE, Sentence("The text speaks of %(sum)s.", sum=told), seen)


def _seen(message: Message) -> Iterator[Evidence]:
    """The first sum of the subject and of each body."""
    for text, place in sources(message):
        if found := _SUM.search(text[:MOST_TEXT]):
            start = found.end() - len(found[0].lstrip(" \t\r\n+("))
            yield sighting(message, part_of(place, start, found.end()))
