"""What an invitation says of itself: who asks, to what, when and where."""

from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 200_000  # characters of a calendar that are read
MAX_LINES: Final = 5_000
MAX_VALUE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """The first event of a calendar (RFC 5545)."""

    organizer: str = ""
    summary: str = ""
    start: str = ""
    location: str = ""
    description: str = ""


_NAMES: Final = {
    "ORGANIZER": "organizer",
    "SUMMARY": "summary",
    "DTSTART": "start",
    "LOCATION": "location",
    "DESCRIPTION": "description",
}
_LETTERS: Final = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}


def read(text: str) -> Invitation | None:
    """The first event of a calendar; None where there is none."""
    found: dict[str, str] = {}
    is_inside = False
    for line in _unfolded(text[:MAX_LENGTH]):
        told, _colon, value = line.partition(":")
        name = told.partition(";")[0].strip().upper()
        if name in ("BEGIN", "END") and value.strip().upper() == "VEVENT":
            if name == "END":
                break
            is_inside = True
        elif is_inside and name in _NAMES:
            found.setdefault(_NAMES[name], _plain(value)[:MAX_VALUE])
    return Invitation(**found) if is_inside else None


def _unfolded(text: str) -> list[str]:
    """The lines, with those put together that were cut for their length (3.1)."""
    lines: list[list[str]] = []
    for line in text.splitlines()[:MAX_LINES]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1].append(line[1:])
        else:
            lines.append([line])
    return ["".join(pieces) for pieces in lines]


def _plain(value: str) -> str:
    """A value without the strokes that protect its letters (3.3.11)."""
    out, letters = [], iter(value)
    for letter in letters:
        if letter == "\\":
            after = next(letters, "")
            out.append(_LETTERS.get(after, after))
        else:
            out.append(letter)
    return "".join(out).strip()
