"""Brands that a mail speaks for: “your X”, “the X team”, “© X”."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

import re2

from dashboard.domain import phrases
from dashboard.domain.brands import Brand, mentions, named_in
from dashboard.domain.findings import Place
from dashboard.domain.message import Message
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table

MOST_TEXT = 4000  # characters of one body
MOST_MENTIONS = 20  # in one body
NEAR = 24  # characters around a name that say who speaks


class Claim(NamedTuple):
    """A brand spoken for, and where."""

    brand: Brand
    place: Place


def claims(message: Message) -> Iterator[Claim]:
    """The brands in the subject, and those the bodies speak for."""
    for text, place in phrases.sources(message):
        if place.name:
            for named in named_in(text):
                yield Claim(named.brand, part_of(place, named.start, named.end))
        else:
            yield from _spoken(text, place)


def _spoken(text: str, place: Place) -> Iterator[Claim]:
    plain = phrases.plain_form(text[: phrases.MOST_TEXT])[:MOST_TEXT]
    for brand, start, end in islice(mentions(plain), MOST_MENTIONS):
        before, behind = plain[max(0, start - NEAR) : start], plain[end : end + NEAR]
        if _before().search(before) or _behind().match(behind):
            origin = phrases.origins(text[: phrases.MOST_TEXT])
            yield Claim(brand, part_of(place, origin[start], origin[end - 1] + 1))


@cache
def _before() -> "re2._Regexp":
    words = "|".join(table("words")["claims-before"])
    return re2.compile(rf"(?:(?:\b(?:{words})|©|\(c\)) [\d ,-]*(?:the )?|©|\(c\))$")


@cache
def _behind() -> "re2._Regexp":
    words = "|".join(table("words")["claims-behind"])
    return re2.compile(rf"(?:[ -][a-z]+)?[ -](?:{words})\b")
