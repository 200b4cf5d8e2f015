"""A list of things to tell about oneself, to be filled in and sent back."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.strangers import followed
from dashboard.domain.surroundings import is_answer

RULE = "personal-details-asked"
MOST_TEXT = 20_000
MOST_NAMES = 200
FEWEST = 4  # different details in one row
FEWEST_BLANKS = 3  # where a blank stands behind each
_FIRST = ("name", "nom")  # in most languages; no row is without it
# What stands between two details nobody has filled in.
_EMPTY = re.compile(r"(?:[\W\d_]|\b(?:your|and|or|the|et|und|y|e|votre|su|[a-e])\b)*\Z")
_BLANK = re.compile(r"\s{0,9}(?:\([^)]{0,30}\))?\s{0,9}(?:[:=…_]|\.\.)")

Span = tuple[int, int]


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a row of details, none of them filled in, where no link is followed."""
    if followed(message):
        return
    for text, place in sources(message):
        row = _longest(text[:MOST_TEXT])
        if row and not is_answer(message):
            yield Finding(
                RULE,
                Sentence(
                    "The reader is to tell %(number)s things about himself.",
                    number=len({text[start:end].lower() for start, end in row}),
                ),
                tuple(
                    sighting(message, part_of(place, *span))
                    for span in row[:MOST_EVIDENCE]
                ),
            )
            return


def _longest(text: str) -> list[Span]:
    """The longest row of details that are asked for; empty when it is too short."""
    lower = text.lower()
    if not any(first in lower for first in _FIRST):
        return []
    named = [each.span(1) for each in islice(_names().finditer(text), MOST_NAMES)]
    rows = [named[:1]]
    for before, span in pairwise(named):
        if span[0] - before[1] <= 160 and _EMPTY.match(text, before[1], span[0]):
            rows[-1].append(span)
        else:
            rows.append([span])
    best = max(rows, key=len)
    kinds = {text[start:end].lower() for start, end in best}
    blanks = sum(bool(_BLANK.match(text, end)) for _, end in best)
    enough = FEWEST_BLANKS if blanks >= FEWEST_BLANKS else FEWEST
    return best if len(kinds) >= enough else []


@cache
def _names() -> "re2._Regexp":
    words = table("words")
    told = "|".join(words["details"])
    about = "|".join(words["detail-kinds"])
    # RE2 takes accented letters for no part of a word, so that \b fails before them.
    begin = r"(?:^|[^\pL\pN_])"
    return re2.compile(rf"(?i){begin}((?:(?:{about})[ /]){{0,3}}(?:{told}))\b")
