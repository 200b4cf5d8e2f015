"""A parsed message: everything a detector may know, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, overload

from dashboard.domain.findings import Place, Sentence


class Header(NamedTuple):
    """One header line, decoded (RFC 2047) and unfolded."""

    name: str  # as written
    value: str
    # Among headers of the same name, from 0 at the top; hides a method of tuples.
    index: int = 0  # type: ignore[assignment]
    line: int = 0  # 1-based line of the raw source
    raw: str = ""  # as written, still encoded, folding kept


class Headers(Sequence[Header]):
    """The header lines of a message, the topmost first; here, of one without any."""

    __slots__ = ()

    def at(self, place: int) -> Header:
        """The header at a place that exists."""
        raise IndexError(place)

    def where(self, key: str) -> Sequence[int]:
        """The places of the headers of a name, given in lower case."""
        return ()

    def named(self, key: str) -> tuple[Header, ...]:
        """The headers of a name, given in lower case."""
        return tuple(map(self.at, self.where(key)))

    def __len__(self) -> int:
        return 0

    @overload
    def __getitem__(self, index: int) -> Header: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Header, ...]: ...

    def __getitem__(self, index: int | slice) -> Header | tuple[Header, ...]:
        found = range(len(self))[index]
        return self.at(found) if isinstance(found, int) else tuple(map(self.at, found))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


NO_HEADERS = Headers()


class Address(NamedTuple):
    """A mailbox and the name shown beside it."""

    mailbox: str = ""  # local@domain as written; "" when the header holds none
    name: str = ""
    place: Place | None = None  # of the mailbox, inside its header
    name_place: Place | None = None

    @property
    def local(self) -> str:
        return self.mailbox.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The lower-case host after the last @, without a trailing dot."""
        return _host_of(self.mailbox)


@lru_cache(maxsize=256)
def _host_of(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].lower().rstrip(".")


NOBODY = Address()


class LinkKind(StrEnum):
    """How a URL is offered to the reader."""

    ANCHOR = "anchor"  # <a href>, <area href>
    FORM = "form"  # <form action>, formaction
    IMAGE = "image"  # <img src>, srcset, background
    RESOURCE = "resource"  # stylesheet, script, frame, object, meta refresh
    TEXT = "text"  # a bare URL in plain text
    CALENDAR = "calendar"  # in an invitation
    QR = "qr"  # in a picture, for a telephone


class Link(NamedTuple):
    """A URL in the message, as written and as it would be opened."""

    url: str  # as written, surrounding white space and control characters removed
    target: str  # `url` with known rewriters (Safe Links, Proofpoint, ...) unwrapped
    text: str  # what the reader sees; for TEXT links the URL itself
    kind: LinkKind
    place: Place  # of the URL
    text_place: Place | None = None  # of the shown text


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form in the body or in an HTML attachment."""

    kind: str  # "password", "text", ...
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text in the HTML that a reader cannot see, and how it is hidden."""

    text: str
    how: str  # "display:none", "font-size:0", "white on white", ...
    place: Place


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the MIME tree, decoded."""

    path: str  # "1", "1.2", ... as IMAP numbers them
    media_type: str  # declared, lower case, without parameters
    content: bytes = field(repr=False)
    text: str = field(default="", repr=False)  # decoded, for text/* only
    charset: str = ""
    filename: str = ""
    disposition: str = ""  # "inline", "attachment" or ""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Html:
    """An HTML part, read: what is shown and what it carries."""

    part: str
    visible: str = field(repr=False)  # what a reader sees, whitespace collapsed
    is_body: bool = True  # False for an HTML attachment
    title: str = ""
    fields: tuple[Field, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    scripts: tuple[Place, ...] = ()  # of each script element or handler


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file the message carries."""

    part: str
    name: str  # as the sender wrote it, decoded
    declared: str  # media type the sender claims
    detected: str  # media type by content; "" when unknown
    size: int
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit on hostile input that the message passed, or a structural defect."""

    limit: str  # "parts", "depth", "header-length", "html-size", "charset", ...
    detail: Sentence
    place: Place


@dataclass(frozen=True, slots=True)
class Message:
    """A suspicious message, read once. Every field is safe to hold and to show."""

    headers: Headers = NO_HEADERS
    sender: Address = NOBODY  # first From mailbox
    senders: tuple[Address, ...] = ()  # every From mailbox of every From header
    reply_to: tuple[Address, ...] = ()
    return_path: Address = NOBODY
    to: tuple[Address, ...] = ()  # To and Cc
    subject: str = ""
    date: datetime | None = None  # aware, from the Date header
    message_id: str = ""  # without angle brackets
    parts: tuple[Part, ...] = ()  # leaves, in order
    texts: tuple[Part, ...] = ()  # text/plain body parts
    html: tuple[Html, ...] = ()  # bodies first, then HTML attachments
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    breaches: tuple[Breach, ...] = ()
    nested: tuple["Message", ...] = ()  # attached message/rfc822, one level a time
    size: int = 0
    raw: bytes = field(default=b"", repr=False)
    answers: dict[object, Any] = field(  # to what was asked of it before
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def all(self, name: str) -> tuple[Header, ...]:
        """Every header of that name, top first; the name's case is ignored."""
        return self.headers.named(name.lower())

    def first(self, name: str) -> Header | None:
        """The topmost header of that name, or None."""
        where = self.headers.where(name.lower())
        return self.headers.at(where[0]) if where else None

    def count(self, name: str) -> int:
        """How many headers of that name there are; none is decoded for it."""
        return len(self.headers.where(name.lower()))

    @property
    def visible_text(self) -> str:
        """What the reader sees: the plain bodies, then the text of the HTML ones."""
        shown = [part.text for part in self.texts]
        shown += [page.visible for page in self.html if page.is_body]
        return "\n".join(shown)
