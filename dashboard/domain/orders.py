"""What a few words tell their reader: to follow a link, or how to leave a list."""

from functools import cache, lru_cache

import re2

from dashboard.domain.phrases import plain_form, says
from dashboard.domain.rulesets import table

LONGEST_LABEL = 60  # characters; longer texts are prose
LONGEST_ADDRESS = 2_000  # characters of an address that are read


def is_order(label: str) -> bool:
    """Whether the text of a link says what to do, other than how to leave a list."""
    return 1 < len(label) <= LONGEST_LABEL and _orders(label)


def is_filling(label: str) -> bool:
    """Whether the text of a link says no more than “here”."""
    if len(label) > LONGEST_LABEL:
        return False
    words = _words_of(label)
    return bool(words) and _words()[1].issuperset(words)


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


@lru_cache(maxsize=4096)
def _orders(label: str) -> bool:
    if names_way_off(label):
        return False
    words = _words_of(label)
    ordering, filling = _words()
    is_short = ordering.issuperset(words) and not filling.issuperset(words)
    return is_short or says(label, "calls")


def _words_of(label: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in plain_form(label)).split()


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """What orders are made of, and what is none by itself."""
    words = table("words")
    return frozenset(words["call-words"]), frozenset(words["call-fillers"])


@cache
def _way_off() -> "re2._Regexp":
    return re2.compile(way_off())
