"""What a detector can say about a message, and where in the message it saw it.

Values that are made by the dozen for every message are named tuples: a frozen
dataclass takes five times as long to make.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Self


class Sentence(str):
    """What the engine says: English, and what another language needs to say it.

    The template is written where the sentence is made, so that `make messages` finds
    it there. A value may be a sentence itself.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        said = str.__new__(cls, template % values if values else template)
        said.template = template
        said.values = values
        return said

    def filled(self, **values: object) -> "Sentence":
        """The same sentence with something in its places."""
        return Sentence(self.template, **values)

    def worded(self, text: str) -> "Sentence":
        """The same sentence as English must read it here."""
        said = str.__new__(Sentence, text)
        said.template = self.template
        said.values = self.values
        return said


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


class Place(NamedTuple):
    """A location precise enough to be read back from the stored bytes.

    `evidence.read(message, place)` returns the text that stands there. Offsets
    count characters of the decoded text (bytes for FILE content and SOURCE) and
    are half open; both `None` means the whole value.
    """

    where: Where
    name: str = ""  # header; DOM attribute ("" is its text); "name" | "type" | "code"
    # Which of several headers of that name, or codes, from 0. It hides a method of
    # tuples that nobody asks of a place.
    index: int = 0  # type: ignore[assignment]
    line: int = 0  # 1-based line of the raw source where the header begins
    part: str = ""  # MIME part path, "1.2"; "" for headers and source
    path: str = ""  # DOM path: "html[1]/body[1]/div[2]/a[1]"
    start: int | None = None
    end: int | None = None


class Evidence(NamedTuple):
    """One thing seen: where, what stands there, and what an honest sender shows."""

    place: Place
    value: str  # exactly what `evidence.read` returns for the place
    observed: str = ""  # the decisive reading of it, e.g. "paypa1.com"
    expected: str = ""  # what was expected instead, e.g. "paypal.com"


class Finding(NamedTuple):
    """One observation by one rule. Its points come from the ruleset, not from here."""

    rule: str  # kebab-case, stable: the key of its weight
    summary: Sentence
    evidence: tuple[Evidence, ...]
    polarity: Polarity = Polarity.FOR
    version: int = 1  # raised when the rule's meaning changes


class NotChecked(NamedTuple):
    """A check that could not be made. It never lowers the risk."""

    check: str  # "authentication", "attachment-content", ...
    reason: Sentence
    blocks_verdict: bool = False  # by the written rule: a clean verdict is impossible
