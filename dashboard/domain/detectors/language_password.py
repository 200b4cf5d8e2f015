"""A password, number or phrase that no honest sender asks for in a mail."""

import re
from collections.abc import Iterator
from functools import cache

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.rulesets import table
from dashboard.domain.surroundings import spots

RULE = "language-password"
BEFORE, AFTER = 60, 30  # characters around a phrase that may deny it
_ENDS = re.compile(r"[.!?;\n。！？؟]")
_BREAKS = str.maketrans(',:()“”"’', "       '")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a text that asks for the secret itself, unless it says not to give it."""
    told = phrases.evidence(message, "password")
    asked = tuple(seen for seen in told if not _is_denied(message, seen))
    if asked:
        quoted = " ".join(asked[0].value.split())[: phrases.LONGEST_QUOTE]
        yield Finding(
            RULE,
            Sentence(
                "The text asks for a password or another secret: “%(quoted)s”.",
                quoted=quoted,
            ),
            asked,
        )


def _is_denied(message: Message, seen: Evidence) -> bool:
    """Whether the sentence around says that this is never asked for."""
    return any(
        any(denial in around for denial in _denials())
        for text, start in spots(message, seen)
        for around in _around(text, start, start + len(seen.value))
    )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind in the same sentence, as words."""
    before = _ENDS.split(phrases.plain_form(text[max(0, start - BEFORE) : start]))[-1]
    behind = _ENDS.split(phrases.plain_form(text[end : end + AFTER]))[0]
    before, behind = (_words(before), _words(behind))
    return before.replace(" if you do not ", " ").replace(" if you don't ", " "), behind


@cache
def _denials() -> tuple[str, ...]:
    return tuple(phrases.plain_form(word) for word in table("words")["denials"])


def _words(text: str) -> str:
    return f" {' '.join(text.translate(_BREAKS).split())} "
