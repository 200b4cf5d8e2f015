"""What the organisation's own rules (YARA) found in a message and its files."""

from typing import NamedTuple


class Match(NamedTuple):
    """A rule of the organisation's that fits an attachment or the message."""

    rule: str  # its identifier
    file: str  # the file of rules it stands in
    part: str = ""  # of the attachment; "" for the message as a whole
    start: int = 0  # bytes into what was scanned
    end: int = 0


class Scanned(NamedTuple):
    """What the organisation's own rules found, and which could not be used."""

    matches: tuple[Match, ...] = ()
    broken: tuple[str, ...] = ()  # names of files that hold no valid rules
    is_cut: bool = False  # something was too large, or took too long
