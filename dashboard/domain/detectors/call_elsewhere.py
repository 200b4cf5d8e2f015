"""A button or line that says what to do now and leads to somebody else's page."""

from collections.abc import Iterator
from functools import cache

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.phrases import plain_form, says
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.strangers import followed, is_answer, strangers
from dashboard.domain.surroundings import before

RULE = "call-elsewhere"
LONGEST_LABEL = 60  # characters; longer texts are prose
MOST_PAGES = 8  # different pages; a newsletter has more
NEAR = 160  # characters between a call and the bare address it speaks of


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report calls to act whose link leads to neither sender nor reader."""
    away = strangers(message, context.own_domains)
    if not away or _is_wide(message) or is_answer(message):
        return
    found = [pair for pair in away if _is_call(message, pair[0])]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "The mail wants a link to be followed that leads to %(host)s,"
                " not to %(sender)s.",
                host=found[0][1].host,
                sender=message.sender.domain,
            ),
            tuple(
                sighting(message, link.place, url.host, message.sender.domain)
                for link, url in found[:MOST_EVIDENCE]
            ),
        )


def _is_wide(message: Message) -> bool:
    """Whether a mail leads to as many pages as a newsletter does."""
    pages = {(url.host, url.path, url.query) for _, url in followed(message)}
    return len(pages) > MOST_PAGES


def _is_call(message: Message, link: Link) -> bool:
    """Whether a link says what to do, or stands behind words that do."""
    if link.kind is LinkKind.FORM:
        return True
    if link.kind is LinkKind.TEXT:
        return says(before(message, link.place, NEAR), "calls")
    return 1 < len(link.text) <= LONGEST_LABEL and _is_order(link.text)


def _is_order(label: str) -> bool:
    """Whether a label says what to do, other than how to leave a list."""
    if any(word in label.lower() for word in table("words")["unsubscribe-words"]):
        return False
    words = "".join(c if c.isalnum() else " " for c in plain_form(label)).split()
    return bool(words) and (_orders().issuperset(words) or says(label, "calls"))


@cache
def _orders() -> frozenset[str]:
    return frozenset(table("words")["call-words"])
