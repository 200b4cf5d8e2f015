"""What a sender wrote, made harmless to read, with the evidence in it marked."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, product
from typing import Final

from dashboard.domain.indicators import defang, reveal
from dashboard.domain.links import spans

MAILBOX: Final = re.compile(r"[^\s<>@]@([^\s<>@\"',;:()\[\]\\]{1,255})")
HOST: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}")
ALIKE: Final = 0.7  # from here on two labels are compared letter by letter
SHORT: Final = 4  # labels shorter than this are alike by chance
MAX_LABELS: Final = 5
MAX_QUOTE: Final = 300
MAX_MARKS: Final = 200  # in one text

Edits = list[tuple[int, str]]  # the place of a character and what is shown instead


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that a finding rests on."""

    number: int  # of the finding
    start: int
    end: int
    is_against: bool = False
    anchor: str = ""  # its id on the page; "" where the same evidence has one already


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is marked throughout or not at all."""

    text: str
    is_marked: bool = False
    is_against: bool = False
    anchors: tuple[str, ...] = ()  # ids that begin here
    ends: tuple[Mark, ...] = ()  # marks that end here, whose numbers are shown


@dataclass(frozen=True, slots=True)
class Letters:
    """A stretch of a quotation; the decisive ones catch the eye."""

    text: str
    is_decisive: bool = False


def plain(text: str) -> str:
    """Text that can be neither clicked nor misread."""
    return _shown(text, 0, len(text), _edits(text))


def pieces(text: str, marks: Sequence[Mark] = ()) -> list[Piece]:
    """Cut a text at its marks; what is shown is harmless."""
    edits = _edits(text)
    marks = marks[:MAX_MARKS]
    cuts = sorted({0, len(text), *(at for m in marks for at in (m.start, m.end))})
    return [
        _piece(_shown(text, start, end, edits), start, end, marks)
        for start, end in pairwise(cuts)
    ]


def quotation(value: str, observed: str, expected: str) -> list[Letters]:
    """Quote what was seen, with the letters that decided it."""
    if alike := _alike(observed, expected):
        seen, known = alike
        shown = [*_compared(observed, seen, known), Letters("  ≠  ")]
        return [*shown, *_compared(expected, known, seen)]
    if HOST.fullmatch(value):
        return [Letters(reveal(defang(value)))]
    return excerpt(value, observed)


def excerpt(value: str, observed: str) -> list[Letters]:
    """A text around what was seen in it."""
    at = value.casefold().find(observed.casefold()) if observed else -1
    end = at + len(observed)
    if at < 0 or end - at >= len(value):
        return [Letters(plain(value[:MAX_QUOTE]) + "…" * (len(value) > MAX_QUOTE))]
    edits = _edits(value)
    start = max(0, at - MAX_QUOTE // 2)
    stop = min(len(value), end + MAX_QUOTE // 2)
    found = [
        Letters("…" * (start > 0) + _shown(value, start, at, edits)),
        Letters(_shown(value, at, end, edits), is_decisive=True),
        Letters(_shown(value, end, stop, edits) + "…" * (stop < len(value))),
    ]
    return [letters for letters in found if letters.text]


def _alike(one: str, other: str) -> tuple[str, str] | None:
    """The label of each name that was drawn to look like the other's, if any was."""
    if not (HOST.fullmatch(one) and HOST.fullmatch(other)):
        return None
    pairs = [
        (SequenceMatcher(None, here, there).ratio(), here, there)
        for here, there in product(_labels(one), _labels(other))
    ]
    ratio, here, there = max(pairs, default=(0.0, "", ""))
    return (here, there) if ALIKE <= ratio < 1 else None


def _labels(name: str) -> list[str]:
    return [
        label for label in name.split(".")[:-1][-MAX_LABELS:] if len(label) >= SHORT
    ]


def _compared(name: str, label: str, other: str) -> Iterator[Letters]:
    """A name, with the letters marked in which one label differs from another."""
    before, _, after = defang(name).partition(label)
    yield Letters(reveal(before))
    for kind, start, end, _, _ in SequenceMatcher(None, label, other).get_opcodes():
        if start < end:
            yield Letters(reveal(label[start:end]), is_decisive=kind != "equal")
    yield Letters(reveal(after))


def _piece(shown: str, start: int, end: int, marks: Sequence[Mark]) -> Piece:
    inside = [mark for mark in marks if mark.start <= start and end <= mark.end]
    if not inside:
        return Piece(shown)
    return Piece(
        shown,
        is_marked=True,
        is_against=all(mark.is_against for mark in inside),
        anchors=tuple(m.anchor for m in inside if m.anchor and m.start == start),
        ends=_ending(inside, end),
    )


def _ending(marks: Sequence[Mark], end: int) -> tuple[Mark, ...]:
    """The marks that end here, each finding once."""
    found = {mark.number: mark for mark in marks if mark.end == end}
    return tuple(found.values())


def _shown(text: str, start: int, end: int, edits: Edits) -> str:
    out, last = [], start
    for at, instead in edits[bisect_left(edits, (start, "")) :]:
        if at >= end:
            break
        out += [reveal(text[last:at]), instead]
        last = at + 1
    return "".join([*out, reveal(text[last:end])])


def _edits(text: str) -> Edits:
    """Single characters to be shown otherwise, so that nothing becomes a link."""
    found: dict[int, str] = {}
    for match in MAILBOX.finditer(text):
        dot = match[1].rstrip(".").rfind(".")
        if dot > 0:
            found[match.start(1) + dot] = "[.]"
    if "://" in text or "www." in text.lower():
        for start, end in spans(text):
            found.update(_defanging(text[start:end], start))
    return sorted(found.items())


def _defanging(url: str, offset: int) -> Iterator[tuple[int, str]]:
    """How `defang` changes a URL, character by character."""
    changed, at = defang(url), 0
    if "[.]" in url:
        return  # somebody did it before us
    for index, letter in enumerate(url):
        if changed[at : at + 3] == f"[{letter}]" and letter in ".:":
            yield offset + index, f"[{letter}]"
            at += 3
            continue
        if changed[at : at + 1] != letter:
            yield offset + index, changed[at : at + 1]
        at += 1
