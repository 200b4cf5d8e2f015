"""How far back a page of a list reaches, learned from the page before it.

For lists that nobody counts by day. The first page of a kind costs a few queries,
those after it one each, which reads hardly more rows than it shows. A search begins
with the time that some rows of the whole list take; the same search, for some minutes,
looks as far back at once as the first one came, by the rarer of its words.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from pymongo.collection import Collection

from dashboard.documents.base import (
    BEGINNING,
    FACETS,
    MAX_WINDOWS,
    MIN_LOOKED,
    SEARCH_COMMANDS,
    SEARCH_SECONDS,
    Key,
    Page,
    Row,
    Selection,
    page,
)

Kind = tuple[str, ...]  # by which time, of which size, with which facets
Guess = Callable[[datetime], timedelta]

WORD: Final = "t:"  # what the facets of words begin with
RISING: Final = "rising"  # of lists that begin with their oldest row
LATER: Final = "later"  # of pages that are not the first of their list
SPARE: Final = 4  # gaps between rows that are read beyond the last one
MAX_KINDS: Final = 1000
KEEP_SECONDS: Final = 600.0
MAX_SECONDS: Final = 4 * SEARCH_SECONDS  # of a search that is known
SURVEY_COMMANDS: Final = MAX_WINDOWS - 1  # the page itself has what is left
WHOLE: Final = timedelta(days=20_000)  # the guess for lists that are always short


class _Search(NamedTuple):
    """How far a search came."""

    span: timedelta
    is_enough: bool  # that much was looked through, and there was more
    learned: float


_every: WeakSet["Pace"] = WeakSet()


def forget() -> None:
    """Have every list learn anew."""
    for each in _every:
        each.forget()


class Pace:
    """What was learned of each kind of list, in this process."""

    def __init__(self, first_guess: timedelta) -> None:
        self._first_guess = first_guess
        self._bottoms: dict[Kind, datetime] = {}  # where the first page ended
        self._spans: dict[Kind, timedelta] = {}  # how much time a page holds
        self._searches: dict[Kind, _Search] = {}
        self._surveyed: dict[Kind, float] = {}  # when that was asked, of whole lists
        self._densities: dict[Kind, float] = {}  # rows a second of a word
        _every.add(self)

    def page(
        self,
        collection: Collection[Row],
        selection: Selection,
        *,
        size: int,
        after: Key | None,
        fields: Iterable[str],
        now: datetime,
        by: str,
        guess: Guess | None = None,
        most: Guess | None = None,
        commands: int = MAX_WINDOWS,
        begin: datetime = BEGINNING,
    ) -> Page:
        """Read one page as `base.page` does, and learn from it.

        `guess` is asked about kinds of which nothing is known yet. With `most`, how far
        a first look may reach at all, it is asked about all: it counts rows.
        """
        rising = selection.is_rising
        kind = (by, str(size), *selection.names, *((RISING,) if rising else ()))
        is_bounded = selection.since > BEGINNING if rising else selection.until
        is_first = after is None and not is_bounded
        selection = self._by_rarest(kind, selection)
        read = partial(
            self._noted,
            collection,
            selection,
            size=size,
            after=after,
            fields=fields,
            now=now,
            by=by,
            begin=begin,
        )
        if not selection.rest:
            return self._walk(read, kind, (guess, most), commands, is_first=is_first)
        if not guess and not self._recent(kind):
            commands -= self._survey(collection, kind, now)
        guess = guess or partial(self._searched, kind)
        if not is_first:
            return self._go_on(read, kind, guess, commands)
        return self._search(read, kind, guess, commands, begin if rising else now)

    def _by_rarest(self, kind: Kind, selection: Selection) -> Selection:
        """The selection bounded by the rarest of its words, as far as that is known.

        A word of which nothing is known is tried, in a search that fills its pages.
        """
        names, known = selection.names, self._recent(kind)
        words = [name for name in names if name.startswith(WORD)]
        if len(words) < 2 or not names[0].startswith(WORD):
            return selection
        densities = {
            word: self._densities.get(_of_word(kind[0], word, selection))
            for word in words
        }
        if known and known.is_enough:
            words = [w for w in words if densities[w] is not None] or words[:1]
        rarest = min(words, key=lambda word: densities[word] or 0)
        rest = {FACETS: {"$all": [name for name in names if name != rarest]}}
        return replace(selection, bound={FACETS: rarest}, rest=rest)

    def _noted(
        self, collection: Collection[Row], selection: Selection, **asked: Any
    ) -> Page:
        """A page, of which it is noted how rare what bounds it is."""
        found = page(collection, selection, **asked)
        if found.density is not None:
            self._keep_few()
            word = _of_word(asked["by"], selection.names[0], selection)
            self._densities[word] = found.density
        return found

    def _walk(
        self,
        read: Callable[..., Page],
        kind: Kind,
        guesses: tuple[Guess | None, Guess | None],
        commands: int,
        *,
        is_first: bool,
    ) -> Page:
        """A page of rows that all match."""
        guess, most = guesses

        def first_window(start: datetime) -> timedelta:
            known = self._walked(kind, start, is_first=is_first)
            guessed = guess(start) if guess else self._first_guess
            if not known:
                return guessed
            return min(max(known, guessed), most(start)) if most else known

        found = read(first_window=first_window, commands=commands)
        self._learn(kind, found, is_first)
        return found

    def _search(
        self,
        read: Callable[..., Page],
        kind: Kind,
        guess: Guess,
        commands: int,
        start: datetime,
    ) -> Page:
        """The first page of a search, as far as the last one came."""
        known, began = self._recent(kind), time.monotonic()
        if known is None:
            found = read(first_window=guess, commands=commands)
            if commands >= SEARCH_COMMANDS:
                self._learn_search(kind, found, start)
            return found
        found = read(
            first_window=lambda _start: known.span,
            commands=1 if known.is_enough else commands,
        )
        if not known.is_enough:
            self._learn_search(kind, found, start)
        elif time.monotonic() - began > MAX_SECONDS:  # there is more to look through
            self._searches.pop(kind, None)
        return found

    def _go_on(
        self, read: Callable[..., Page], kind: Kind, guess: Guess, commands: int
    ) -> Page:
        """A later page of a search, of which there may be nothing left."""
        known = self._recent(kind)
        if known is None or known.is_enough:
            return read(first_window=guess, commands=commands)
        span = known.span
        return read(first_window=lambda _start: span, commands=commands)

    def _walked(self, kind: Kind, start: datetime, *, is_first: bool) -> timedelta:
        """How much time a page of this kind holds; none where that is not known."""
        bottom = self._bottoms.get(kind)
        if bottom == BEGINNING:
            return WHOLE
        if bottom is not None and is_first:
            return max((bottom - start) * _way(kind), timedelta())
        span = self._spans.get(kind, timedelta())
        return span if is_first else self._spans.get((*kind, LATER), span)

    def _recent(self, kind: Kind) -> _Search | None:
        """What was learned of a search, unless that is long ago."""
        known = self._searches.get(kind)
        is_old = known and time.monotonic() - known.learned > KEEP_SECONDS
        return None if is_old else known

    def _is_stale(self, surveyed: Kind) -> bool:
        """Whether it is long ago that this was asked, which it then is again."""
        at = time.monotonic()
        if at - self._surveyed.get(surveyed, -KEEP_SECONDS) < KEEP_SECONDS:
            return False
        self._surveyed[surveyed] = at
        return True

    def _survey(self, collection: Collection[Row], kind: Kind, now: datetime) -> int:
        """Learn how much time so many rows of the whole list take, if need be.

        In windows of time: asking for the newest, or whether there are so many, would
        read every row there is on the embedded server. Returns what it may cost.
        """
        by, whole = kind[0], (kind[0], str(MIN_LOOKED))
        is_known = self._first_guess == WHOLE or self._knows(kind[:2])
        if is_known or not self._is_stale(whole):
            return 0
        self.page(
            collection,
            Selection({}, {}),
            size=MIN_LOOKED,
            after=None,
            fields=(),
            now=now,
            by=by,
            commands=SURVEY_COMMANDS,
        )
        return SURVEY_COMMANDS

    def _knows(self, whole: Kind) -> bool:
        return whole in self._spans or self._bottoms.get(whole) == BEGINNING

    def _searched(self, kind: Kind, _start: datetime) -> timedelta:
        """How much time so many rows of the whole list take, by pages of it."""
        is_read = self._first_guess == WHOLE or self._knows(kind[:2])
        whole = kind[:2] if is_read else (kind[0], str(MIN_LOOKED))
        if self._bottoms.get(whole) == BEGINNING:
            return WHOLE
        span = self._spans.get(whole)
        pages = max(MIN_LOOKED / int(whole[1]), 1)
        return min(span * pages, WHOLE) if span else self._first_guess

    def forget(self) -> None:
        """Learn everything anew."""
        self._bottoms.clear()
        self._spans.clear()
        self._searches.clear()
        self._surveyed.clear()
        self._densities.clear()

    def _learn_search(self, kind: Kind, found: Page, start: datetime) -> None:
        self._keep_few()
        span, after = WHOLE, found.after
        if after and found.is_cut:
            span = abs(start - after.at)
        elif after:  # a page is full
            span = abs(start - found.rows[-1][kind[0]])
            span += span / len(found.rows) * SPARE
        self._searches[kind] = _Search(span, found.is_cut, time.monotonic())

    def _keep_few(self) -> None:
        kinds = len(self._bottoms) + len(self._spans) + len(self._searches)
        if max(kinds, len(self._densities)) > MAX_KINDS:
            self.forget()

    def _learn(self, kind: Kind, found: Page, is_first: bool) -> None:
        self._keep_few()
        if found.after is None:
            if is_first:
                self._bottoms[kind] = BEGINNING
            return
        first, last = found.rows[0][kind[0]], found.rows[-1][kind[0]]
        span = max(abs(first - last), timedelta(milliseconds=len(found.rows)))
        spare = span / len(found.rows) * SPARE
        self._spans[kind if is_first else (*kind, LATER)] = span + spare
        if is_first:
            self._bottoms[kind] = last + spare * _way(kind)


def _way(kind: Kind) -> int:
    """Which way through time lists of a kind go."""
    return 1 if kind[-1] == RISING else -1


def _of_word(by: str, word: str, selection: Selection) -> Kind:
    """Under what it is kept how rare a word is."""
    return (by, word, RISING) if selection.is_rising else (by, word)
