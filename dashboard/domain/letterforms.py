"""Words in letters that look like others: borrowed, drawn or crossed out."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import re2

from dashboard.domain.phrases import plain_form

MOST_TEXT = 4000  # characters of one text
LONGEST_HALF = 40  # characters of a word before and behind what is odd in it
_OTHERS = range(0x370, 0x590)  # Greek, Cyrillic, Armenian
# Lower Greek letters before and behind others are ordinary in formulas.
_FORMULAS = range(0x3AC, 0x3F0)
# What accents and quotes of a text in UTF-8 begin with when read as Cyrillic.
_MISREAD = "\u0413\u0432\u043f"

_OTHER = "\u0370-\u058f"
_MARKS = "\u0300-\u036f"
_CAPITALS = "\u1d00-\u1d2b\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\ua730\ua731"
_MATHEMATICAL = "\U0001d400-\U0001d7ff"
_ENCLOSED = "\u24b6-\u24e9\U0001f130-\U0001f189"
_WIDE = "\uff21-\uff3a\uff41-\uff5a"

_RAISED = "\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u2090-\u209c"
_RARE = "\u13a0-\u13f4\u2c80-\u2cff\ua4d0-\ua4f7"  # Cherokee, Coptic, Lisu
_TURNING = "\u202d\u202e"  # nobody but a deceiver has single letters turned round
# Showing nothing, and unlike joiners of no use between Latin letters.
_BLANK = (
    "\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
_ODD = re.compile(
    f"[{_OTHER}{_MARKS}{_CAPITALS}{_MATHEMATICAL}{_ENCLOSED}{_WIDE}{_RAISED}{_RARE}"
    f"{_TURNING}{_BLANK}]"
)
_IS_OTHER = re.compile(f"[{_OTHER}]")
_FOREIGN = re.compile(f"[{_OTHER}]{{4}}")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

# Lines over, under and through a letter; more marks than any language sets on one.
_CROSSED = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0305\u0321\u0322\u0332-\u0338\u033f]"
    f"|[A-Za-z]\u034f+[A-Za-z]|[A-Za-z][{_MARKS}]{{3}}"
    "|[A-Za-z][\u0339-\u033e\u0346-\u034e\u0350-\u0357\u0359-\u035b\u0363-\u036f]"
    f"|(?:[A-Za-z][{_MARKS}]{{1,2}}){{4}}"
)
_HIDDEN = re.compile(
    f"[A-Za-z][{_BLANK}]+[A-Za-z]|[A-Za-z][{_TURNING}]|[{_TURNING}][A-Za-z]"
    f"|[A-Za-z][{_RARE}]|[{_RARE}][A-Za-z]"
)
_DRAWN = re.compile(
    f"[{_MATHEMATICAL}]{{4}}|[{_ENCLOSED}]{{3}}|[{_RAISED}]{{3}}|[{_CAPITALS}][{_CAPITALS}{_MARKS}]{{2}}"
)
_WIDENED = re.compile(f"[{_WIDE}]{{3}}")
_REST = re.compile(rf"\S{{0,{LONGEST_HALF}}}")


class Disguise(NamedTuple):
    """A word that reads otherwise than it looks, and the text it stands in."""

    text: int  # which of the texts
    start: int
    end: int


def disguises(texts: Sequence[str]) -> Iterator[Disguise]:
    """The first such word of each text; a language's own letters are none."""
    odd = {
        number: text[:MOST_TEXT]
        for number, text in enumerate(texts)
        if not text.isascii() and _ODD.search(text, 0, MOST_TEXT)
    }
    patterns = _worth_trying("\n".join(odd.values())) if odd else ()
    for number, text in odd.items():
        hits = (pattern.search(text) for pattern in patterns)
        if hit := next(filter(None, hits), None):
            yield Disguise(number, *_word(text, *hit.span()))


def _worth_trying(text: str) -> tuple["re2._Regexp | re.Pattern[str]", ...]:
    """What may be told apart from the honest use of the alphabets in a text."""
    patterns = [_CROSSED, _DRAWN, _HIDDEN]
    if not _EASTERN.search(text):
        patterns.append(_WIDENED)
    if not _IS_OTHER.search(text):
        return tuple(patterns)
    # Where a language of these letters is written, its endings follow Latin names.
    edges = () if _FOREIGN.search(text) else (_at_the_edges(),)
    return (*patterns, _inside(), *edges)


def _word(text: str, start: int, end: int) -> tuple[int, int]:
    """The word around a stretch of a text."""
    before = text[max(0, start - LONGEST_HALF) : start]
    begins = len(before) - max(before.rfind(mark) + 1 for mark in " \n\t")
    rest = _REST.match(text, end)
    return start - begins, rest.end() if rest else end


@cache
def _inside() -> "re2._Regexp":
    return re2.compile(f"[A-Za-z][{_alike()}]+[A-Za-z]")


@cache
def _at_the_edges() -> "re2._Regexp":
    alike = "".join(c for c in _alike() if ord(c) not in _FORMULAS)
    return re2.compile(f"[A-Za-z]{{2}}[{alike}]|[{alike}][A-Za-z]{{2}}")


@cache
def _alike() -> str:
    """Letters of other alphabets that read as Latin ones."""
    plain = {chr(code): plain_form(chr(code)) for code in _OTHERS}
    alike = (c for c, read in plain.items() if read.isascii() and read.isalpha())
    return "".join(c for c in alike if c not in _MISREAD)
