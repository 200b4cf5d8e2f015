"""What a detector can say about a message, and where in the message it saw it."""

from dataclasses import dataclass
from enum import StrEnum


class Polarity(StrEnum):
    """Whether an observation speaks for phishing or against it."""

    FOR = "for"
    AGAINST = "against"


class Where(StrEnum):
    """The kinds of place a piece of evidence can stand in."""

    HEADER = "header"  # the decoded, unfolded value of one header line
    TEXT = "text"  # the decoded text of a text/* part, as its charset says
    DOM = "dom"  # an element of an HTML part: its text, or one attribute
    FILE = "file"  # an attachment: its name, declared type, or content
    SOURCE = "source"  # the raw bytes of the message


@dataclass(frozen=True, slots=True)
class Place:
    """A location precise enough to be read back from the stored bytes.

    `evidence.read(message, place)` returns the text that stands there. Offsets
    count characters of the decoded text (bytes for FILE content and SOURCE) and
    are half open; both `None` means the whole value.
    """

    where: Where
    name: str = ""  # header; DOM attribute ("" is its text); "name" | "type" | "code"
    index: int = 0  # which of several headers of that name, or codes, from 0
    line: int = 0  # 1-based line of the raw source where the header begins
    part: str = ""  # MIME part path, "1.2"; "" for headers and source
    path: str = ""  # DOM path: "html[1]/body[1]/div[2]/a[1]"
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing seen: where, what stands there, and what an honest sender shows."""

    place: Place
    value: str  # exactly what `evidence.read` returns for the place
    observed: str = ""  # the decisive reading of it, e.g. "paypa1.com"
    expected: str = ""  # what was expected instead, e.g. "paypal.com"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation by one rule. Its points come from the ruleset, not from here."""

    rule: str  # kebab-case, stable: the key of its weight
    summary: str  # one plain sentence
    evidence: tuple[Evidence, ...]
    polarity: Polarity = Polarity.FOR
    version: int = 1  # raised when the rule's meaning changes


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A check that could not be made. It never lowers the risk."""

    check: str  # "authentication", "attachment-content", ...
    reason: str  # one plain sentence
    blocks_verdict: bool = False  # by the written rule: a clean verdict is impossible
