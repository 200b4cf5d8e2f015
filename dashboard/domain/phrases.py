"""Set phrases of deceivers, found however their letters are disguised.

Patterns run on a plain form of the text (lower case, no accents, no invisible
characters, look-alike letters made Latin); a hit is mapped back to what is written.
"""

import re
import unicodedata
from collections.abc import Container, Sequence, Set
from functools import cache, lru_cache
from typing import NamedTuple

import re2

from dashboard.domain.findings import Evidence, Finding, Place, Sentence, Where
from dashboard.domain.message import Message
from dashboard.domain.places import in_header, in_text, in_visible, part_of
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table

MOST_TEXT = 60_000  # characters of one body
MOST_EVIDENCE = 3
LONG_TEXT = 6_000  # characters of a letter that speaks of many things
LONGEST_QUOTE = 80
SHORT_RUN = 12  # unusual letters in a row that are remembered
_MEMORY = 1 << 26  # bytes RE2 may spend on one automaton
_SHARES = 3  # of the English patterns with gaps
_KANA = range(0x3040, 0x3100)
_NEGATIVE = frozenset((*range(0x1F150, 0x1F16A), *range(0x1F170, 0x1F18A)))
# Letters by their kind that show nothing.
_BLANK_LETTERS = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_GAP = ".{0,40}?"
_UNUSUAL = re.compile(r"[^\x00-\x7f]+")
SPACE = r"\s+"
_APART = b"\0"  # between texts that are looked through together
# Written without spaces, or in letters RE2 takes for no part of a word.
_UNEDGED = frozenset({"ja", "zh", "ru", "ar"})


class _Plain(dict[int, str]):
    """What each character is read as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def findings(
    message: Message, theme: str, rule: str, summary: Sentence
) -> tuple[Finding, ...]:
    """Report the phrases of a theme, if there are any; the first one is quoted.

    One alone in a long letter is none: it stands there in passing.
    """
    return told(message, evidence(message, theme), rule, summary)


def told(
    message: Message, seen: tuple[Evidence, ...], rule: str, summary: Sentence
) -> tuple[Finding, ...]:
    """Report phrases that were chosen among those of a theme, likewise."""
    if not seen or (len(seen) == 1 and _is_in_passing(message, seen[0])):
        return ()
    quoted = " ".join(seen[0].value.split())[:LONGEST_QUOTE]
    return (Finding(rule, summary.filled(quoted=quoted), seen),)


def _is_in_passing(message: Message, seen: Evidence) -> bool:
    if seen.place.where is Where.HEADER:
        return False
    return any(len(text) > LONG_TEXT for text, _ in sources(message))


def evidence(message: Message, theme: str) -> tuple[Evidence, ...]:
    """Point at the first few different phrases of a theme in subject and bodies."""
    return heard(message).get(theme, ())


@remembered
def heard(message: Message) -> dict[str, tuple[Evidence, ...]]:
    """The first few different phrases of each theme a message speaks of."""
    met: dict[str, dict[str, Evidence]] = {}
    struck = _struck(plain_bytes(message))
    for text, place in sources(message) if struck else ():
        for theme, start, end in _spans(text, struck):
            found = met.setdefault(theme, {})
            value = text[start:end]
            key = " ".join(plain_form(value).split())
            if len(found) < MOST_EVIDENCE and key not in found:
                where = part_of(place, start, end)
                found[key] = Evidence(where, value, observed=key)
    return {theme: tuple(found.values()) for theme, found in met.items()}


@remembered
def plain_bytes(message: Message) -> bytes:
    """Subject and bodies in plain form, to learn at once that they hold nothing."""
    return _APART.join([_data(text) for text, _ in sources(message)])


def spans(text: str, theme: str) -> tuple[tuple[int, int], ...]:
    """Say where phrases of a theme stand in a text, one hit per pattern."""
    return tuple((start, end) for name, start, end in _spans(text) if name == theme)


@lru_cache(maxsize=4096)
def says(text: str, name: str) -> bool:
    """Whether a short text holds a phrase of a table that stands by itself."""
    plain = plain_form(text).encode("utf-8", "replace")
    return bool(_lone_net(name).together.Match(plain))


def _spans(
    text: str, struck: Container[int] | None = None
) -> list[tuple[str, int, int]]:
    """Theme, start and end of every phrase in a text, by where they begin.

    Nets are left out that are known to catch nothing in it.
    """
    text = text[:MOST_TEXT]
    plain = plain_form(text)
    data = _data(text)  # once, not for every pattern
    hits = []
    for pattern in _possible(data, _struck(data) if struck is None else struck):
        if hit := _alone(pattern.written).search(data):
            hits.append((*hit.span(), pattern.theme))
    if hits and not plain.isascii():
        hits = [(len(_text(data[:a])), len(_text(data[:b])), t) for a, b, t in hits]
    if hits and not text.isascii():
        origin = origins(text)
        hits = [(origin[a], origin[b - 1] + 1, t) for a, b, t in hits if b > a]
    return [(theme, start, end) for start, end, theme in sorted(hits)]


def _data(text: str) -> bytes:
    return plain_form(text[:MOST_TEXT]).encode("utf-8", "replace")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@lru_cache(maxsize=16)
def plain_form(text: str) -> str:
    """Write a text the way the patterns are written."""
    if text.isascii():
        return text.lower()
    lower = text.encode("utf-8", "surrogatepass").lower()  # of ASCII letters alone
    return _UNUSUAL.sub(_formed, lower.decode("utf-8", "surrogatepass"))


def _formed(run: re.Match[str]) -> str:
    letters = run[0]
    return _form(letters) if len(letters) <= SHORT_RUN else letters.translate(_FORMS)


@lru_cache(maxsize=4096)
def _form(letters: str) -> str:
    """What a few unusual letters are read as: the same ones come again and again."""
    return letters.translate(_FORMS)


@lru_cache(maxsize=4)
def origins(text: str) -> Sequence[int]:
    """For each character of the plain form, the index of the one it came from."""
    if all(len(_FORMS[ord(char)]) == 1 for char in set(text)):
        return range(len(text))
    origins: list[int] = []
    last = 0
    for run in _UNUSUAL.finditer(text):
        origins.extend(range(last, run.start()))
        last = run.end()
        for at, char in enumerate(run[0], run.start()):
            origins.extend([at] * len(_FORMS[ord(char)]))
    origins.extend(range(last, len(text)))
    return origins


def _plain(char: str) -> str:
    if ord(char) in _KANA:
        return char
    category = unicodedata.category(char)
    if category in {"Mn", "Cf", "Me"} or char in _BLANK_LETTERS:
        return ""
    if category == "Zs":
        return " "
    letters: dict[str, str] = table("confusables")["letters"]
    if char in letters:
        return letters[char]
    if is_small_capital(char) or ord(char) in _NEGATIVE:
        return _last_letter(char)
    folded = unicodedata.normalize("NFKD", char).casefold()
    bare = (c for c in folded if not unicodedata.combining(c))
    return "".join(letters.get(c, c) for c in bare)


def is_small_capital(char: str) -> bool:
    """Whether a letter is one of the capitals that are no taller than small ones."""
    return "LETTER SMALL CAPITAL " in unicodedata.name(char, "")


def _last_letter(char: str) -> str:
    """What the name of a letter ends in; those of two letters stay as they are."""
    letter = unicodedata.name(char, "").rpartition(" ")[2].lower()
    return letter if len(letter) == 1 else char


_FORMS = _Plain()


def _options() -> "re2.Options":
    options = re2.Options()
    options.max_mem, options.dot_nl, options.log_errors = _MEMORY, True, False
    options.never_capture = True  # only where a phrase stands is asked
    return options


class _Pattern(NamedTuple):
    theme: str
    written: str


class _Net(NamedTuple):
    """Patterns that are looked for together, in one pass over a text."""

    patterns: list[_Pattern]
    together: "re2.Set"


def _struck(data: bytes) -> list[int]:
    """The nets that catch something in a text in plain form, or in several."""
    nets = _nets(is_ascii=data.isascii())
    return [at for at, net in enumerate(nets) if net.together.Match(data)]


def _possible(data: bytes, struck: Container[int]) -> list[_Pattern]:
    """The patterns of these nets that a text in plain form matches."""
    return [
        patterns[number]
        for at, (patterns, together) in enumerate(_nets(is_ascii=data.isascii()))
        if at in struck
        for number in together.Match(data) or ()
    ]


@cache
def _nets(*, is_ascii: bool) -> tuple[_Net, ...]:
    """What a text is drawn through; few large automata cost less than many small.

    One for each would meet ever new combinations of words, and grow with every text.
    Gaps multiply these, so what has one is kept apart from what has none.
    """
    if not is_ascii:
        return (*_nets(is_ascii=True), _net(_spoken(_UNEDGED)))
    english, firm = _by_gap(_spoken({"en"}))
    foreign, firm_too = _by_gap(_spoken(_languages() - _UNEDGED - {"en"}))
    shares = [english[share::_SHARES] for share in range(_SHARES)]
    return tuple(map(_net, (firm + firm_too, *shares, foreign)))


@cache
def _lone_net(name: str) -> _Net:
    return _net(
        [
            _Pattern(name, _compiled_form(pattern, language))
            for language, patterns in table(name).items()
            for pattern in patterns
        ]
    )


def _by_gap(patterns: list[_Pattern]) -> tuple[list[_Pattern], list[_Pattern]]:
    """Those with gaps, and those without."""
    loose = [pattern for pattern in patterns if _GAP in pattern.written]
    return loose, [pattern for pattern in patterns if _GAP not in pattern.written]


def _languages() -> set[str]:
    return {language for theme in table("phrases").values() for language in theme}


def _spoken(languages: Set[str]) -> list[_Pattern]:
    return [
        _Pattern(theme, _compiled_form(pattern, language))
        for theme, by_language in table("phrases").items()
        for language, patterns in by_language.items()
        for pattern in patterns
        if language in languages
    ]


def _net(patterns: list[_Pattern]) -> _Net:
    together = re2.Set.SearchSet(_options())
    for pattern in patterns:
        together.Add(pattern.written)
    together.Compile()
    return _Net(patterns, together)


@cache
def _alone(pattern: str) -> "re2._Regexp":
    # Only what was met is compiled: a worker's first message should not wait for all.
    return re2.compile(pattern, _options())


def _compiled_form(pattern: str, language: str) -> str:
    pattern = "".join(c if c.isascii() or c == "…" else _FORMS[ord(c)] for c in pattern)
    if language in _UNEDGED:
        return _spaced(pattern.replace("…", _GAP))
    edged = re.sub("…([^ ])", r"…\\b\1", pattern).replace("…", rf"\b{_GAP}")
    end = r"\b" if pattern[-1].isalnum() or pattern[-1] == ")" else ""
    return rf"\b(?:{_spaced(edged)}){end}"


def _spaced(pattern: str) -> str:
    """A space stands for any white space; behind it `?` says that none may do."""
    return pattern.replace(" ?", r"\s*").replace(" ", SPACE)


@remembered
def sources(message: Message) -> tuple[tuple[str, Place], ...]:
    """Subject and bodies, each with its place."""
    subject = message.first("Subject")
    found = [] if subject is None else [(subject.value, in_header(subject))]
    found += [(part.text, in_text(part)) for part in message.texts]
    bodies = (page for page in message.html if page.is_body)
    return (*found, *((page.visible, in_visible(page)) for page in bodies))
