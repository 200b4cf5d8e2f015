"""What a message's own style blocks hide, by the selectors that can be followed.

Followed are rules for an element, a class, an id, or an element with one of them. A
property that any other rule may set for the same element (one under a condition, or
for a descendant) is left alone: text a reader may see is never to be passed over.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import re2

MAX_SHEETS = 200_000  # characters of all style blocks
MAX_RULES = 5000
MAX_MARKS = 20  # classes of one element
MAX_SAID = 600  # characters one element is told

_COMMENT = re2.compile(r"(?s)/\*.*?(?:\*/|$)|<!--|-->")
_BRACE = re.compile(r"([{}])")
_SIMPLE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)?([.#][a-zA-Z_][\w-]*)?")
_NAMED = re.compile(r"[.#]?[a-zA-Z_][\w-]*")
_HIDING = (
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}[hc]"
    r"|(?:opacity|height|width)\s{0,9}:\s{0,9}\.?0"
    r"|font-size\s{0,9}:\s{0,9}(?:[01](?:[^0-9]|$)|\.)|:\s{0,9}-[0-9]{3}"
)
_MAY_HIDE = re2.compile(f"(?i){_HIDING}")  # somewhere in a sheet
_HIDES = re.compile(_HIDING, re.IGNORECASE)  # in one rule
_UNSURE = re.compile(r"[\"'(@]")
_SCREENS = ("", "all", "screen")
_ALWAYS = ("@media all", "@media screen", "@media")
# Properties that decide together whether text is seen.
_KINDS = {
    **dict.fromkeys(("display",), "display"),
    **dict.fromkeys(("visibility",), "visibility"),
    **dict.fromkeys(("opacity",), "opacity"),
    **dict.fromkeys(("font-size",), "size"),
    **dict.fromkeys(("overflow", "height", "max-height", "width", "max-width"), "box"),
    **dict.fromkeys(("position", "text-indent"), "spot"),
    **dict.fromkeys(("margin-left", "margin-top", "left", "top", "right"), "spot"),
}
_INHERITED = frozenset({"visibility", "size"})
# Each of these sets several properties at once, which are not told apart here.
_LOOSE: dict[str, tuple[str, ...]] = {
    "font": ("size",),
    "margin": ("spot",),
    "inset": ("spot",),
}
_LOOSE["all"] = tuple(sorted(set(_KINDS.values())))

Block = tuple[str, str]  # the media a style block is for, and its text
_Told = tuple[int, int, str, str]  # closeness, place, kind, declaration


class _Rule(NamedTuple):
    selector: str
    declarations: str
    is_certain: bool  # applies whatever the reader's screen is, and reads one way


class _Setting(NamedTuple):
    kinds: frozenset[str]
    loose: frozenset[str]  # those set together with others
    each: tuple[tuple[str, str], ...]  # the kind of a declaration, and the declaration


class Sheet:
    """The rules of a page's style blocks, by what they are written for."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._told: dict[str, list[_Told]] = {}
        self._open: dict[str, frozenset[str]] = {}  # kinds another rule may set
        self._said: dict[tuple[str, str | None, str | None], str] = {}
        rules = _all_rules(blocks)
        # Between rules stands what no part of such a declaration holds.
        certain = "}".join(rule.declarations for rule in rules if rule.is_certain)
        if _MAY_HIDE.search(certain):
            for place, rule in enumerate(rules):
                self._take(place, rule)
        self._hiding = {key for key, told in self._told.items() if _hides(told)}
        hidden = {kind for key in self._hiding for _, _, kind, _ in self._told[key]}
        self._again = hidden & _INHERITED  # what an element inside may set anew
        # Elements that are told something whatever their attributes are.
        self.tags = frozenset(
            key
            for key, told in self._told.items()
            if key.isalnum() and self._tells(key, told)
        )

    def said(self, tag: str, attributes: dict[str, str | None]) -> str:
        """The declarations for an element, weakest first; empty for most."""
        if not self._hiding:
            return ""
        key = (tag, attributes.get("class"), attributes.get("id"))
        if key not in self._said:
            self._said[key] = self._gathered(*key)
        return self._said[key]

    def _gathered(self, tag: str, classes: str | None, name: str | None) -> str:
        marks = [f".{each}" for each in (classes or "").split(maxsplit=MAX_MARKS)]
        if len(marks) > MAX_MARKS:
            return ""
        marks += [f"#{name}"] if name else []
        names = (tag, *marks, *(tag + mark for mark in marks))
        told = sorted(each for key in names for each in self._told.get(key, ()))
        if self._hiding.isdisjoint(names):
            told = [each for each in told if each[2] in self._again]
        if not told:
            return ""
        unsure = frozenset().union(
            *(self._open.get(key, ()) for key in (tag, *marks, "*")),
            _INHERITED & self._open.get("", frozenset()),
        )
        said = "".join(text for _, _, kind, text in told if kind not in unsure)
        return said if len(said) <= MAX_SAID else ""

    def _take(self, place: int, rule: _Rule) -> None:
        set_ = _setting(rule.declarations)
        for each in rule.selector.split(",") if set_.kinds else ():
            selector = each.strip()
            simple = _SIMPLE.fullmatch(selector)
            if rule.is_certain and selector and simple:
                tag, mark = (simple.group(1) or "").lower(), simple.group(2) or ""
                closeness = {"#": 100, ".": 10}.get(mark[:1], 0) + bool(tag)
                entries = self._told.setdefault(tag + mark, [])
                entries += [(closeness, place, *one) for one in set_.each]
                self._leave([tag, mark], set_.loose)
            else:
                self._leave([*_last(selector), ""], set_.kinds)

    def _tells(self, key: str, told: list[_Told]) -> bool:
        return key in self._hiding or any(kind in self._again for *_, kind, _ in told)

    def _leave(self, names: Iterable[str], kinds: frozenset[str]) -> None:
        """Note what is not followed for elements that bear one of these names."""
        for name in names if kinds else ():
            self._open[name] = self._open.get(name, frozenset()) | kinds


def _all_rules(blocks: Iterable[Block]) -> list[_Rule]:
    """The rules of all blocks; none at all where one of them is a riddle."""
    told = list(blocks)
    text = "".join(text for _, text in told)
    if len(text) > MAX_SHEETS or not _MAY_HIDE.search(text):
        return []
    read = [_rules(text, is_certain=media in _SCREENS) for media, text in told]
    found = [rule for rules in read for rule in rules or ()]
    return found if None not in read and len(found) <= MAX_RULES else []


def _rules(source: str, *, is_certain: bool) -> list[_Rule] | None:
    """The rules of one block; None of one that is a riddle."""
    found: list[_Rule] = []
    conditions: list[bool] = []  # of each open block: whether it always applies
    selector = ""
    pieces = _BRACE.split(_COMMENT.sub(" ", source) + "}")
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if "\\" in text or text.count('"') % 2 or text.count("'") % 2:
            return None  # a browser may divide it elsewhere than at its braces
        if brace == "}" and selector:
            is_sure = is_certain and all(conditions) and not _UNSURE.search(text)
            found.append(_Rule(selector, text, is_sure))
            selector = ""
        elif brace == "}":
            del conditions[-1:]
        elif selector:
            return None  # a rule within a rule
        elif (head := text.rpartition(";")[2].strip()).startswith("@"):
            conditions.append(" ".join(head.lower().split()) in _ALWAYS)
        else:
            selector = head or "*"
    return found


def _hides(told: list[_Told]) -> bool:
    return any(_HIDES.search(text) for *_, text in told)


@lru_cache(maxsize=2048)
def _setting(declarations: str) -> _Setting:
    """What declarations set."""
    pairs = (each.partition(":") for each in declarations.split(";"))
    given = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    known = [
        (_KINDS[name], f"{name}:{value};") for name, value in given if name in _KINDS
    ]
    loose = {kind for name, _ in given for kind in _LOOSE.get(name, ())}
    return _Setting(
        frozenset(kind for kind, _ in known) | loose, frozenset(loose), tuple(known)
    )


@lru_cache(maxsize=2048)
def _last(selector: str) -> tuple[str, ...]:
    """What names the element itself, behind those it stands in."""
    if _UNSURE.search(selector):  # what is quoted may hold spaces of its own
        return ("*",)
    words = selector.replace(">", " ").replace("+", " ").replace("~", " ").split()
    last = words[-1].partition("[")[0].partition(":")[0] if words else ""
    names = _NAMED.findall(last)
    return tuple(n if n[0] in ".#" else n.lower() for n in names) or ("*",)
