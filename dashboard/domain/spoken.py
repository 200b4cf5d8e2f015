"""Brands that a mail speaks for: “your X”, “the X team”, “© X”."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import re2

from dashboard.domain import phrases
from dashboard.domain.brands import (
    KEPT,
    Brand,
    Ours,
    begun_at,
    ended_at,
    known,
    named_in,
)
from dashboard.domain.findings import Place
from dashboard.domain.message import Message
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table

MOST_TEXT = 2500  # characters of one body
MOST_CLAIMS = 20  # in one body
NEAR = 24  # characters between a name and the word behind it


_OPENING = re.compile(r" ?(?:[0-9][0-9 ,-]{0,20} )?(?:the )?")
_JOINTS = (" ", "-")
_IS_WORD = re.compile(r"[a-z0-9]")  # without accents, as RE2 sees words
_Named = tuple[Brand, int, int]


class Claim(NamedTuple):
    """A brand spoken for, and where."""

    brand: Brand
    place: Place


def claims(message: Message, ours: Ours = ()) -> Iterator[Claim]:
    """The brands in the subject, and those the bodies speak for."""
    if not _any_name(ours).search(phrases.plain_bytes(message)):
        return
    for text, place in phrases.sources(message):
        if place.name:
            for named in named_in(text, ours):
                yield Claim(named.brand, part_of(place, named.start, named.end))
        else:
            yield from _spoken(text, place, ours)


def _spoken(text: str, place: Place, ours: Ours) -> Iterator[Claim]:
    plain = phrases.plain_form(text[: phrases.MOST_TEXT])[:MOST_TEXT]
    for brand, start, end in islice(_claimed(plain, ours), MOST_CLAIMS):
        origin = phrases.origins(text[: phrases.MOST_TEXT])
        yield Claim(brand, part_of(place, origin[start], origin[end - 1] + 1))


def _claimed(plain: str, ours: Ours) -> Iterator[tuple[Brand, int, int]]:
    """The brands named where a word before or behind says who speaks."""
    before, behind = _words()
    for start, end in _spans(plain, before):
        opening = _OPENING.match(plain, end)
        if opening and not plain[max(0, start - 1) : start].isalnum():
            yield from _known(begun_at(plain, opening.end(), ours))
    for start, end in _spans(plain, behind):
        if plain[start - 1 : start] in _JOINTS and not plain[end : end + 1].isalnum():
            word_before = plain.rfind(" ", max(0, start - NEAR), start - 1)
            named = ended_at(plain, start - 1, ours) or ended_at(
                plain, word_before, ours
            )
            yield from _known(named)


def _known(named: _Named | None) -> tuple[_Named, ...]:
    return (named,) if named else ()


def _spans(plain: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where each word stands, word by word."""
    for word in words:
        start = plain.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = plain.find(word, start + len(word))


@lru_cache(maxsize=KEPT)
def _any_name(ours: Ours) -> "re2._Regexp":
    """What tells soonest that a text names no brand."""
    names = {phrases.plain_form(name) for brand in known(ours) for name in brand.names}
    return re2.compile("|".join(map(_whole, sorted(names))).encode("utf-8", "replace"))


def _whole(name: str) -> str:
    begin, end = (
        r"\b" if _IS_WORD.match(edge) else "" for edge in (name[:1], name[-1:])
    )
    return f"{begin}{re2.escape(name)}{end}"


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and behind the name of one who speaks."""
    words = table("words")
    before = (*(f"{word} " for word in words["claims-before"]), "©", "(c)")
    return before, tuple(words["claims-behind"])
