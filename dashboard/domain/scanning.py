"""What the organisation's own rules (YARA) found in a message and its files."""

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.domain.findings import NotChecked, Sentence


class Match(NamedTuple):
    """A rule of the organisation's that fits an attachment or the message."""

    rule: str  # its identifier
    file: str  # the file of rules it stands in
    part: str = ""  # of the attachment; "" for the message as a whole
    start: int = 0  # bytes into what was scanned; nothing between them: the whole
    end: int = 0


class Scanned(NamedTuple):
    """What the organisation's own rules found, and which could not be used."""

    matches: tuple[Match, ...] = ()
    broken: tuple[str, ...] = ()  # names of files that hold no usable rules
    is_cut: bool = False  # something was too large, or took too long


_CHECK = "yara"
_OFF = NotChecked(
    _CHECK, Sentence("No rules of your own (YARA) were tried on the mail.")
)
_CUT = NotChecked(
    _CHECK, Sentence("Not everything was tried: it was too large or took too long.")
)
_BROKEN = Sentence("Your file of rules %(file)s cannot be used.")


def untried(scanned: Scanned | None) -> Iterator[NotChecked]:
    """Which rules of the organisation's were not tried, and why."""
    if scanned is None:
        yield _OFF
        return
    for name in scanned.broken:
        yield NotChecked(_CHECK, _BROKEN.filled(file=name))
    if scanned.is_cut:
        yield _CUT


def scanned_to_dict(scanned: Scanned | None) -> dict[str, object] | None:
    """What the rules found as JSON, so that a verdict can be reached again."""
    if scanned is None:
        return None
    return {
        "broken": list(scanned.broken),
        "is_cut": scanned.is_cut,
        "matches": [each._asdict() for each in scanned.matches],
    }
