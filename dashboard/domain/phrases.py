"""Set phrases of deceivers, found however their letters are disguised.

Patterns run on a plain form of the text (lower case, no accents, no invisible
characters, look-alike letters made Latin); a hit is mapped back to what is written.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import re2

from dashboard.domain.findings import Evidence, Finding, Place
from dashboard.domain.message import Message
from dashboard.domain.places import in_header, in_text, in_visible, part_of
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table

MOST_TEXT = 60_000  # characters of one body
MOST_EVIDENCE = 3
LONGEST_QUOTE = 80
_MEMORY = 1 << 26  # bytes RE2 may spend on one automaton
_KANA = range(0x3040, 0x3100)
_GAP = ".{0,40}?"
SPACE = r"\s+"
# Written without spaces, or in letters RE2 takes for no part of a word.
_UNEDGED = frozenset({"ja", "zh", "ru", "ar"})


class _Plain(dict[int, str]):
    """What each character is read as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def findings(
    message: Message, theme: str, rule: str, summary: str
) -> tuple[Finding, ...]:
    """Report the phrases of a theme, if there are any; the first one is quoted."""
    seen = evidence(message, theme)
    if not seen:
        return ()
    quoted = " ".join(seen[0].value.split())[:LONGEST_QUOTE]
    return (Finding(rule, f"{summary}: “{quoted}”.", seen),)


def evidence(message: Message, theme: str) -> tuple[Evidence, ...]:
    """Point at the first few different phrases of a theme in subject and bodies."""
    heard = _heard(message)
    if theme not in heard:
        heard[theme] = _listened(message, theme)
    return heard[theme]


@remembered
def _heard(message: Message) -> dict[str, tuple[Evidence, ...]]:
    """What was heard in a message so far, by theme."""
    return {}


def _listened(message: Message, theme: str) -> tuple[Evidence, ...]:
    found: dict[str, Evidence] = {}
    for text, place in sources(message):
        for start, end in spans(text, theme):
            value = text[start:end]
            key = " ".join(plain_form(value).split())
            found.setdefault(
                key, Evidence(part_of(place, start, end), value, observed=key)
            )
            if len(found) == MOST_EVIDENCE:
                return tuple(found.values())
    return tuple(found.values())


def spans(text: str, theme: str) -> tuple[tuple[int, int], ...]:
    """Say where phrases of a theme stand in a text, one hit per pattern."""
    plain = plain_form(text[:MOST_TEXT])
    together, written = _patterns(theme)
    met = sorted(together.Match(plain) or ())
    hits = (_alone(written[index]).search(plain) for index in met)
    ends = [hit.span() for hit in hits if hit is not None]
    if not ends or text[:MOST_TEXT].isascii():
        return tuple(sorted(ends))
    origin = _origins(text[:MOST_TEXT])
    return tuple(sorted((origin[a], origin[b - 1] + 1) for a, b in ends if b > a))


@lru_cache(maxsize=16)
def plain_form(text: str) -> str:
    """Write a text the way the patterns are written."""
    return text.lower() if text.isascii() else text.translate(_FORMS)


@lru_cache(maxsize=4)
def _origins(text: str) -> Sequence[int]:
    """For each character of the plain form, the index of the one it came from."""
    if all(len(_FORMS[ord(char)]) == 1 for char in set(text)):
        return range(len(text))
    return [at for at, char in enumerate(text) for _ in _FORMS[ord(char)]]


def _plain(char: str) -> str:
    if ord(char) in _KANA:
        return char
    category = unicodedata.category(char)
    if category in {"Mn", "Cf", "Me"} or char in "\u00ad\u034f\u115f\u3164":
        return ""
    if category == "Zs":
        return " "
    letters: dict[str, str] = table("confusables")["letters"]
    if char in letters:
        return letters[char]
    folded = unicodedata.normalize("NFKD", char).casefold()
    bare = (c for c in folded if not unicodedata.combining(c))
    return "".join(letters.get(c, c) for c in bare)


_FORMS = _Plain()


def _options() -> "re2.Options":
    options = re2.Options()
    options.max_mem, options.dot_nl, options.log_errors = _MEMORY, True, False
    return options


@cache
def _patterns(theme: str) -> tuple["re2.Set", tuple[str, ...]]:
    written = [
        _compiled_form(pattern, language)
        for language, patterns in table("phrases")[theme].items()
        for pattern in patterns
    ]
    together = re2.Set.SearchSet(_options())
    for pattern in written:
        together.Add(pattern)
    together.Compile()
    return together, tuple(written)


@cache
def _alone(pattern: str) -> "re2._Regexp":
    # Only what was met is compiled: a worker's first message should not wait for all.
    return re2.compile(pattern, _options())


def _compiled_form(pattern: str, language: str) -> str:
    pattern = "".join(c if c.isascii() or c == "…" else _FORMS[ord(c)] for c in pattern)
    if language in _UNEDGED:
        return pattern.replace("…", _GAP).replace(" ", SPACE)
    edged = re.sub("…([^ ])", r"…\\b\1", pattern).replace("…", rf"\b{_GAP}")
    end = r"\b" if pattern[-1].isalnum() or pattern[-1] == ")" else ""
    return rf"\b(?:{edged.replace(' ', SPACE)}){end}"


@remembered
def sources(message: Message) -> tuple[tuple[str, Place], ...]:
    """Subject and bodies, each with its place."""
    subject = message.first("Subject")
    found = [] if subject is None else [(subject.value, in_header(subject))]
    found += [(part.text, in_text(part)) for part in message.texts]
    bodies = (page for page in message.html if page.is_body)
    return (*found, *((page.visible, in_visible(page)) for page in bodies))
