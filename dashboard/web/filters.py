"""What a list is narrowed to: read from the URL, shown as tokens."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import urlencode

from bson import ObjectId
from flask import abort
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from dashboard.documents.analysis import select, terms, visible_to
from dashboard.documents.base import BEGINNING, BETWEEN, MAX_SIZE, Key, Selection
from dashboard.documents.connection import now
from dashboard.documents.user import Account
from dashboard.domain.aggregator import Level, Verdict
from dashboard.domain.statuses import Status
from dashboard.services.analyses import Decision

MAX_QUERY: Final = 400
MAX_TOKENS: Final = 12
PAGE_SIZE: Final = 25
TOKEN: Final = re.compile(r"(\w+):(\S+)")
PLAIN: Final = re.compile(r"[\w.@+-]{1,253}")
ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,253}@[\w.-]{1,253}")
BACK: Final = re.compile(r"-([0-9]{1,4})([hdw])")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOURS: Final = {"h": 1, "d": 24, "w": 168}
END_OF_TIME: Final = datetime(2200, 1, 1, tzinfo=UTC)

DATES: Final = ("since", "until")
OTHERS: Final = ("q", "after", "top", "limit")
ORDER: Final = "order"
NEWEST, OLDEST = "newest", "oldest"  # which row comes first

# Levels are stored under one word and shown under another.
SHOWN: Final = {"safe": "clean", "medium": "suspicious", "critical": "malicious"}
STORED: Final = {shown: stored for stored, shown in SHOWN.items()}

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one kind of list can be asked for.

    `choices` names, for each name in the URL, the facet it asks for and the values
    there are, if few.
    """

    choices: Mapping[str, tuple[str, tuple[str, ...] | None]]
    several: tuple[str, ...] = ()  # a row may have more than one of these
    plain: re.Pattern[str] = PLAIN  # what a value may look like that is not listed
    orders: tuple[str, ...] = ()  # that may be asked for; else the newest comes first

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.choices, *DATES)

    @property
    def others(self) -> tuple[str, ...]:
        """What the address may say that is no filter."""
        return (*OTHERS, ORDER) if self.orders else OTHERS


ANALYSES: Final = Vocabulary(
    {
        "level": ("level", tuple(Level)),
        "verdict": ("verdict", tuple(Verdict)),
        "status": ("status", tuple(Status)),
        "decided": ("decided", tuple(Decision)),
        "open": ("open", ("yes",)),
        "signal": ("signal", None),
        "from": ("domain", None),
        "sender": ("sender", None),  # a whole address
        "owner": ("owner", None),
        "by": ("by", None),
    },
    several=("signal", "from"),
    orders=(NEWEST, OLDEST),
)


class Unknown(ValueError):
    """A token no list has; the text says what there is instead."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for: tokens as (name, value), and words to be found."""

    tokens: tuple[Token, ...] = ()
    words: tuple[str, ...] = ()
    size: int = PAGE_SIZE
    after: Key | None = None  # the last row of the page before
    top: Key | None = None  # the first row of a page that asks for itself again
    faults: tuple[str, ...] = ()  # why something that was typed is left out
    vocabulary: Vocabulary = ANALYSES
    is_rising: bool = False  # the oldest row comes first

    @classmethod
    def read(
        cls, args: MultiDict[str, str], vocabulary: Vocabulary = ANALYSES
    ) -> "Filters":
        """Read a query string; 400 for a name or a value that no list has.

        What somebody typed into the field is told from that: a typing error is
        left out and named in `faults`.
        """
        names = vocabulary.names
        if set(args) - {*names, *vocabulary.others}:
            abort(400)
        found = _Found(vocabulary)
        for token in ((n, v) for n in names for v in args.getlist(n) if v):
            try:
                found.add(_checked(token, vocabulary))
            except Unknown:
                abort(400)
        found.type(" ".join(args.getlist("q")))
        return cls(
            tuple(found.tokens)[:MAX_TOKENS],
            tuple(found.words)[:MAX_TOKENS],
            _size(args.get("limit")),
            _key(args.get("after")),
            _key(args.get("top")),
            tuple(found.faults),
            vocabulary,
            _order(args.get(ORDER), vocabulary) == OLDEST,
        )

    def selection(self, reader: Account, zone: tzinfo = UTC) -> Selection:
        """What to ask for of the analyses, within what the reader may see."""
        facets = [*visible_to(reader), *self.facets(reader)]
        found = select(facets, **self.dates(zone))
        return replace(found, is_rising=self.is_rising)

    def facets(self, reader: Account) -> list[str]:
        """The stored facets that every row shown has."""
        choices = self.vocabulary.choices
        facets = [f for token in self.tokens for f in _facets(token, choices, reader)]
        return [*facets, *(f"t:{word}" for word in terms(" ".join(self.words)))]

    def dates(self, zone: tzinfo = UTC) -> dict[str, datetime]:
        """The times between which the rows shown lie, by `since` and `until`."""
        return {n: _moment(n, value, zone) for n, value in self.tokens if n in DATES}

    @property
    def place(self) -> Key | None:
        """The row after which this page begins."""
        return self.after or (_just_before(self.top) if self.top else None)

    @property
    def is_empty(self) -> bool:
        return not self.tokens and not self.words

    def chosen(self, name: str) -> str:
        """The value asked for under a name, or nothing."""
        return next((value for known, value in self.tokens if known == name), "")

    def query(self, *, without: Token | None = None, **more: str) -> str:
        """The query string of this list, less one token, with something more."""
        pairs = [token for token in self.tokens if token != without]
        words = [word for word in self.words if ("q", word) != without]
        if words:
            pairs.append(("q", " ".join(words)))
        if self.is_rising:
            pairs.append((ORDER, OLDEST))
        if self.size != PAGE_SIZE:
            pairs.append(("limit", str(self.size)))
        return urlencode([*pairs, *more.items()])

    @property
    def back(self) -> str:
        """The query string of this page, for whoever comes back to it."""
        return self.query(after=str(self.after)) if self.after else self.query()

    @property
    def turned(self) -> str:
        """The query string of this list in the other order."""
        return replace(self, is_rising=not self.is_rising).query()

    @property
    def cleared(self) -> str:
        """The query string of the list without a filter, in the same order."""
        return replace(self, tokens=(), words=()).query()

    def shown(self) -> tuple[tuple[str, str], ...]:
        """Each token as it is shown, with the query string that removes it."""
        return tuple(self._shown())

    def _shown(self) -> Iterator[tuple[str, str]]:
        for name, value in self.tokens:
            word = SHOWN.get(value, value) if name == "level" else value
            yield f"{name}:{word}", self.query(without=(name, value))
        for word in self.words:
            yield word, self.query(without=("q", word))


class _Found:
    """Tokens and words as they are gathered, each once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.tokens: list[Token] = []
        self.words: list[str] = []
        self.faults: list[str] = []

    def add(self, token: Token) -> None:
        """Take a token; of what a message has one of, the last one counts."""
        if token[0] not in self._vocabulary.several:
            self.tokens = [known for known in self.tokens if known[0] != token[0]]
        if token not in self.tokens:
            self.tokens.append(token)

    def type(self, text: str) -> None:
        """Take what was typed: tokens, and words between them."""
        for word in text[:MAX_QUERY].replace("\0", " ").split():
            token = TOKEN.fullmatch(word)
            if token and token[1].lower() in self._vocabulary.names:
                self._type_token((token[1].lower(), token[2]))
            elif not terms(word):
                why = _("%(word)s was left out: it holds no word of two letters.")
                self.faults.append(why % {"word": word})
            elif word not in self.words:
                self.words.append(word)

    def _type_token(self, token: Token) -> None:
        try:
            self.add(_checked(token, self._vocabulary))
        except Unknown as error:
            why = _("%(token)s was left out: %(reason)s")
            said = {"token": ":".join(token), "reason": str(error)}
            self.faults.append(why % said)


def _checked(token: Token, vocabulary: Vocabulary) -> Token:
    """The token in its stored form; raise `Unknown` if no list has it."""
    name, value = token
    if name in DATES:
        _moment(name, value, UTC)
        return token
    value = value.lower()
    known = vocabulary.choices[name][1]
    if name == "level":
        value = STORED.get(value, value)
    if known is not None and value not in known:
        words = ", ".join(SHOWN.get(v, v) if name == "level" else v for v in known)
        raise Unknown(_("there is %(words)s.", words=words))
    plain = ADDRESS if name == "sender" else vocabulary.plain
    if known is None and not plain.fullmatch(value):
        raise Unknown(_("only letters, digits, dots and hyphens are searched."))
    return name, value


def _facets(
    token: Token, choices: Mapping[str, tuple[str, object]], reader: Account
) -> list[str]:
    """The stored facets a token stands for."""
    name, value = token
    if name in DATES:
        return []
    if choices[name][0] == "domain" and "@" in value:
        # An address: its domain, and the words of what stands before it.
        local, _at, value = value.rpartition("@")
        return [f"domain:{value}", *(f"t:{word}" for word in terms(local))]
    if value == "me":
        mine = {"by": reader.id, "owner": reader.username, "who": reader.username}
        value = mine.get(name, value)
    return [f"{choices[name][0]}:{value}"]


def _moment(name: str, text: str, zone: tzinfo) -> datetime:
    """The time a date stands for; a day alone ends with itself."""
    if back := BACK.fullmatch(text):
        moment = now() - timedelta(hours=int(back[1]) * HOURS[back[2]])
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            example = "2026-11-21"
            why = _("write a day as %(example)s, or -7d.", example=example)
            raise Unknown(why) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    moment = min(max(moment, BEGINNING), END_OF_TIME)
    if name == "until" and DAY.fullmatch(text):
        moment += timedelta(days=1, milliseconds=-1)
    return moment


def _key(text: str | None) -> Key | None:
    return Key.parse(text) if text else None


def _just_before(key: Key) -> Key:
    """The place before a row, from which on it is the first."""
    if key.id in BETWEEN:
        return key
    step = -1 if key.is_rising else 1
    number = int.from_bytes(key.id.binary, "big") + step
    return replace(key, id=ObjectId(number.to_bytes(12, "big")))


def _order(text: str | None, vocabulary: Vocabulary) -> str:
    if text and text not in vocabulary.orders:
        abort(400)
    return text or NEWEST


def _size(text: str | None) -> int:
    if not text:
        return PAGE_SIZE
    if not text.isdecimal() or not text.isascii() or len(text) > 6 or int(text) < 1:
        abort(400)
    return min(int(text), MAX_SIZE)
