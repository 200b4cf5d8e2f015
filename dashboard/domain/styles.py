"""What an inline style does to text: whether a reader can see it."""

import re
from functools import lru_cache
from typing import NamedTuple

MAX_STYLE = 2000
NEAR = 12  # channels closer than this cannot be told apart

FAR = -500  # lengths that put text beyond any screen

Colour = tuple[int, int, int]

_MOVING = ("text-indent", "margin-left", "margin-top", "left", "top", "right")
_TELLING = re.compile(
    r"(?<![\w-])(display|visibility|opacity|font-size|color|background(?:-color|-image)?"
    r"|overflow|(?:max-)?(?:height|width)|position|text-indent|margin-(?:left|top)"
    r"|left|top|right)\s{0,9}:([^;]*)"
)
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)(px|pt|em|rem|ex|%|cm|mm|in|vw|vh)?\Z")
_RGB = re.compile(r"rgba?\(([0-9.]+)[,/]([0-9.]+)[,/]([0-9.]+)(?:[,/]([0-9.]+)%?)?\)\Z")
_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
}
_TRANSPARENT = ("transparent", "inherit", "initial", "unset", "none", "")


class Style(NamedTuple):
    """The declarations of one element that decide whether its text is seen."""

    removes: str = ""  # hides the element and all it holds: "display:none", ...
    size: str = ""  # "zero", "shown" or "" when nothing is said
    visibility: str = ""  # "hidden", "visible" or ""
    colour: Colour | None = None
    background: Colour | None = None
    paints: bool = False  # sets a background that cannot be told


NOTHING = Style()


@lru_cache(maxsize=4096)
def read(style: str) -> Style:
    """Read an inline style; later declarations win over earlier ones."""
    given = _declarations(style[:MAX_STYLE])
    if not given:
        return NOTHING
    background = given.get("background-color", given.get("background", ""))
    colour = colour_of(background) if background else None
    pictured = "background-image" in given
    return Style(
        removes=_removes(given),
        size=_size(given["font-size"]) if "font-size" in given else "",
        visibility=_visibility(given.get("visibility", "")),
        colour=colour_of(given["color"]) if "color" in given else None,
        background=colour,
        paints=pictured or (colour is None and background not in _TRANSPARENT),
    )


@lru_cache(maxsize=1024)
def colour_of(text: str) -> Colour | None:
    """The colour a CSS or HTML value names; None if it cannot be told."""
    value = text.strip().lower()
    if value.startswith("#") or re.fullmatch(r"[0-9a-f]{6}", value):
        return _hex(value.removeprefix("#"))
    if found := _RGB.match(value.replace(" ", "")):
        if found[4] is not None and float(found[4]) == 0:
            return None
        return tuple(min(255, int(float(found[n]))) for n in (1, 2, 3))  # type: ignore[return-value]
    return _NAMED.get(value)


def are_alike(one: Colour, other: Colour) -> bool:
    """Whether text in one colour cannot be read on the other."""
    return all(abs(a - b) < NEAR for a, b in zip(one, other, strict=True))


def _declarations(style: str) -> dict[str, str]:
    given: dict[str, str] = {}
    firm: set[str] = set()
    for name, value in _TELLING.findall(style.lower()):
        if "!" in value:
            firm.add(name)
        elif name in firm:
            continue
        plain = value.replace("!important", "").strip()
        given[name] = " ".join(plain.split()) if " " in plain else plain
    return given


def _hex(digits: str) -> Colour | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits[:3])
    try:
        value = int(digits[:6], 16) if len(digits) in (6, 8) else -1
    except ValueError:
        return None
    return (value >> 16, value >> 8 & 255, value & 255) if value >= 0 else None


def _number(value: str) -> float | None:
    found = _LENGTH.match(value)
    return float(found[1]) if found else None


def _is_zero(value: str) -> bool:
    return _number(value) == 0


def _size(value: str) -> str:
    if not value or value in ("inherit", "unset"):
        return ""
    found = _LENGTH.match(value)
    if not found:
        return "shown"
    tiny = {"px": 2, "pt": 2, "": 2}.get(found[2] or "", 0.1)
    return "zero" if 0 <= float(found[1]) < tiny else "shown"


def _visibility(value: str) -> str:
    if value in ("hidden", "collapse"):
        return "hidden"
    return "visible" if value == "visible" else ""


def _removes(given: dict[str, str]) -> str:
    """How a declaration hides the element with everything inside, if it does."""
    if given.get("display") == "none":
        return "display:none"
    if "opacity" in given and _is_zero(given["opacity"]):
        return "opacity:0"
    if given.get("overflow") in ("hidden", "clip"):
        for side in ("max-height", "height", "width", "max-width"):
            if side in given and _is_zero(given[side]):
                return f"{side}:0"
    return _away(given)


def _away(given: dict[str, str]) -> str:
    placed = given.get("position") in ("absolute", "fixed")
    for name in _MOVING if placed else _MOVING[:3]:
        number = _number(given[name]) if name in given else None
        if number is not None and number <= FAR:
            return "off-screen"
    return ""
