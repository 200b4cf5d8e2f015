"""Links that say what to do now and lead to somebody else's page."""

from functools import cache, lru_cache

import re2

from dashboard.domain.context import Context
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.phrases import plain_form, says, sources
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table
from dashboard.domain.strangers import Led, followed, strangers
from dashboard.domain.surroundings import before, is_answer

LONGEST_LABEL = 60  # characters; longer texts are prose
LONGEST_ADDRESS = 2_000  # characters of an address that are read
MOST_PAGES = 8  # different pages; a newsletter has more
LONGEST_LETTER = 4_000  # characters around a bare address; a newsletter has more
NEAR = 160  # characters between a call and the bare address it speaks of


@remembered
def calls_elsewhere(message: Message, context: Context) -> tuple[Led, ...]:
    """The calls to act that lead to strangers; none in answers and newsletters."""
    away = strangers(message, context)
    if not away or _is_wide(message) or is_answer(message):
        return ()
    return tuple((link, url) for link, url in away if _is_call(message, link))


def is_leaving(label: str) -> bool:
    """Whether the text of a link says that it takes its reader off a list."""
    return len(label) <= LONGEST_LABEL and names_way_off(label)


@lru_cache(maxsize=4096)
def names_way_off(text: str) -> bool:
    """Whether a short text or an address names a way off a list."""
    plain = plain_form(text[:LONGEST_ADDRESS]).encode("utf-8", "replace")
    return _way_off().search(plain) is not None


@cache
def way_off() -> str:
    """The pattern of what names a way off a list, in small letters."""
    words = table("words")
    apart = (phrase.replace(" ", r"[\W_]+") for phrase in words["unsubscribe-phrases"])
    anywhere = "|".join(map(re2.escape, words["unsubscribe-words"]))
    return rf"(?:{anywhere}|(?:^|[\W_])(?:{'|'.join(apart)})(?:[\W_]|$))"


def _is_wide(message: Message) -> bool:
    """Whether a mail leads to as many pages as a newsletter does."""
    pages = {(url.host, url.path, url.query) for _, url in followed(message)}
    return len(pages) > MOST_PAGES


def _is_call(message: Message, link: Link) -> bool:
    """Whether a link says what to do, or stands behind words that do."""
    if link.kind is LinkKind.FORM:
        return True
    if link.kind is LinkKind.TEXT:
        return _is_spoken_of(message, link)
    return 1 < len(link.text) <= LONGEST_LABEL and _is_order(link.text)


def _is_spoken_of(message: Message, link: Link) -> bool:
    """Whether words before a bare address ask for it to be followed."""
    if _is_long(message) or names_way_off(link.url):
        return False
    return says(before(message, link.place, NEAR), "calls")


@remembered
def _is_long(message: Message) -> bool:
    return sum(len(text) for text, _ in sources(message)) > LONGEST_LETTER


def _is_order(label: str) -> bool:
    """Whether a label says what to do, other than how to leave a list."""
    if is_leaving(label):
        return False
    words = "".join(c if c.isalnum() else " " for c in plain_form(label)).split()
    return bool(words) and (_orders().issuperset(words) or says(label, "calls"))


@cache
def _orders() -> frozenset[str]:
    return frozenset(table("words")["call-words"])


@cache
def _way_off() -> "re2._Regexp":
    return re2.compile(way_off())
