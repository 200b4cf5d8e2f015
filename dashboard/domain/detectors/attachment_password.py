"""The key beside the lock: a file only the reader can open, never a filter."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form, sources
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-password"
MOST_TEXT = 20_000
MOST_HITS = 20


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a text that tells the password of the file that comes with it."""
    if not any(each.detected in _lockable() for each in message.attachments):
        return
    told = tuple(_told(message))
    if told:
        yield Finding(
            RULE,
            Sentence(
                "The text gives the password of the attached file, so that only"
                " its reader opens it and no filter."
            ),
            told[:MOST_EVIDENCE],
        )


def _told(message: Message) -> Iterator[Evidence]:
    for text, place in sources(message):
        plain = plain_form(text[:MOST_TEXT])
        if len(plain) != len(text[:MOST_TEXT]):
            continue
        for pattern in _patterns():
            hits = islice(pattern.finditer(plain), MOST_HITS)
            for hit in (hit for hit in hits if _is_given(hit)):
                yield sighting(message, part_of(place, *hit.span()), hit.group())
                break


def _is_given(hit: "re2._Match") -> bool:
    """Whether a password stands there, not a word of a sentence about one."""
    last: str = hit.groups()[-1]
    return last.strip(".,;:!?\"'()") not in table("passwords")["spoken"]


@cache
def _lockable() -> frozenset[str]:
    return frozenset(table("files")["lockable-types"])


@cache
def _patterns() -> tuple["re2._Regexp", ...]:
    return tuple(re2.compile(pattern) for pattern in table("passwords")["given"])
