"""Words that people read one way and programs another: borrowed or drawn letters."""

import re
from collections.abc import Iterator

from dashboard.domain.brands import named_in
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.letterforms import disguises
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form, sources
from dashboard.domain.places import part_of
from dashboard.domain.sightings import of_name, sighting

RULE = "letters-disguised"
MOST_TEXTS = 8
MOST_EVIDENCE = 3
LONGEST_WORD = 40  # characters that are quoted
_SPACED = re.compile(r"\b(?:[A-Za-z] ){4,12}[A-Za-z]\b")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report disguised words in the sender's name, the subject and the bodies."""
    seen = (*_disguised(message), *_spaced(message, context))
    if seen:
        yield Finding(
            RULE,
            Sentence(
                "“%(word)s” is written so that people can read it and programs cannot.",
                word=seen[0].observed[:LONGEST_WORD],
            ),
            seen[:MOST_EVIDENCE],
        )


def _disguised(message: Message) -> Iterator[Evidence]:
    shown = sources(message)[:MOST_TEXTS]
    texts = (message.sender.name, *(text for text, _ in shown))
    for number, start, end in disguises(texts):
        read = plain_form(texts[number][start:end])
        if number:
            spot = part_of(shown[number - 1][1], start, end)
            yield sighting(message, spot, read, read)
        else:
            yield of_name(message, message.sender, read, read)


def _spaced(message: Message, context: Context) -> Iterator[Evidence]:
    """A company's name with a space behind each letter."""
    name = message.sender.name
    found = _SPACED.search(name) if name.count(" ") > MOST_EVIDENCE else None
    word = found[0].replace(" ", "") if found else ""
    if word and named_in(word, context.protected):
        yield of_name(message, message.sender, word, word)
