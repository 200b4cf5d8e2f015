"""Invisible characters inside words, so that filters cannot read them."""

import re
from collections.abc import Iterator

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import of_name, sighting

RULE = "zero-width-text"
FEWEST = 3
MOST_EVIDENCE = 3
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060-\u2064\ufeff\u180e]")
# Between Latin letters only: joiners are ordinary in Arabic, Indic scripts and emoji.
_BROKEN = re2.compile(
    r"[A-Za-z]+(?:[\x{200B}-\x{200D}\x{2060}-\x{2064}\x{FEFF}\x{180E}]+[A-Za-z]+)+"
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report words of name, subject and body that are cut by invisible characters."""
    found = [*_in_name(message), *_broken(message)]
    cuts = sum(len(e.value) - sum(c.isascii() for c in e.value) for e in found)
    in_header = any(e.place.name for e in found)
    if cuts >= FEWEST or in_header:
        yield Finding(
            RULE,
            Sentence(
                "Invisible characters cut words apart, such as “%(word)s”.",
                word=found[0].observed,
            ),
            tuple(found[:MOST_EVIDENCE]),
        )


def _in_name(message: Message) -> Iterator[Evidence]:
    name = message.sender.name
    if not name.isascii() and (hit := _BROKEN.search(name)):
        word = "".join(filter(str.isascii, hit[0]))
        yield of_name(message, message.sender, word, word)


def _broken(message: Message) -> Iterator[Evidence]:
    for text, place in sources(message):
        if text.isascii() or not _INVISIBLE.search(text):
            continue
        for hit, _ in zip(_BROKEN.finditer(text), range(100), strict=False):
            word = "".join(c for c in hit.group() if c.isascii())
            yield sighting(message, part_of(place, *hit.span()), word, word)
