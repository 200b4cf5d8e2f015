"""How far back a page of a list reaches, learned from the page before it.

For lists that nobody counts by day. The first page of a kind costs a few queries,
those after it one each, which reads hardly more rows than it shows. A search begins
with the time that some rows of the whole list take.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakSet

from pymongo.collection import Collection

from dashboard.documents.base import (
    BEGINNING,
    MAX_WINDOWS,
    MIN_LOOKED,
    Key,
    Page,
    Row,
    Selection,
    page,
)

Kind = tuple[str, ...]

SPARE: Final = 4  # gaps between rows that are read beyond the last one
MAX_KINDS: Final = 1000
KEEP_SECONDS: Final = 600.0
SURVEY_COMMANDS: Final = MAX_WINDOWS - 1  # the page itself has what is left
WHOLE: Final = timedelta(days=20_000)  # the guess for lists that are always short


_every: WeakSet["Pace"] = WeakSet()


def forget() -> None:
    """Have every list learn anew."""
    for each in _every:
        each.forget()


class Pace:
    """What was learned of each kind of list, in this process."""

    def __init__(self, first_guess: timedelta) -> None:
        self._first_guess = first_guess
        self._bottoms: dict[Kind, datetime] = {}  # where the newest page ended
        self._spans: dict[Kind, timedelta] = {}  # how much time a page holds
        self._surveyed: dict[Kind, float] = {}  # when that was asked, of whole lists
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
        commands: int = MAX_WINDOWS,
    ) -> Page:
        """Read one page as `base.page` does, and learn from it."""
        kind = (by, str(size), *selection.names)
        whole = kind[:2]
        is_newest = after is None and selection.until is None
        is_new_search = bool(selection.rest) and kind not in self._spans
        if is_new_search and self._first_guess != WHOLE and not self._knows(whole):
            whole = (by, str(MIN_LOOKED))
            if self._is_stale(whole):
                self._survey(collection, now, by)
                commands -= SURVEY_COMMANDS

        def first_window(top: datetime) -> timedelta:
            if is_new_search:
                return self._searched(top, whole)
            bottom = self._bottoms.get(kind)
            if bottom is not None and (is_newest or bottom == BEGINNING):
                return top - bottom
            return self._spans.get(kind, self._first_guess)

        found = page(
            collection,
            selection,
            size=size,
            after=after,
            fields=fields,
            first_window=first_window,
            now=now,
            by=by,
            commands=commands,
        )
        if not selection.rest or (found.after and not found.is_cut):
            self._learn(kind, found, by, is_newest)
        return found

    def _is_stale(self, surveyed: Kind) -> bool:
        """Whether it is long ago that this was asked, which it then is again."""
        at = time.monotonic()
        if at - self._surveyed.get(surveyed, -KEEP_SECONDS) < KEEP_SECONDS:
            return False
        self._surveyed[surveyed] = at
        return True

    def _survey(self, collection: Collection[Row], now: datetime, by: str) -> None:
        """Learn how much time so many rows of the whole list take.

        In windows of time: asking for the newest, or whether there are so many, would
        read every row there is on the embedded server.
        """
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

    def _knows(self, whole: Kind) -> bool:
        return whole in self._spans or self._bottoms.get(whole) == BEGINNING

    def _searched(self, top: datetime, whole: Kind) -> timedelta:
        """How much time so many rows of the whole list take, by pages of it."""
        all_of_it = top - BEGINNING
        if self._bottoms.get(whole) == BEGINNING:
            return all_of_it
        span = self._spans.get(whole)
        pages = max(MIN_LOOKED / int(whole[1]), 1)
        return min(span * pages, all_of_it) if span else self._first_guess

    def forget(self) -> None:
        """Learn everything anew."""
        self._bottoms.clear()
        self._spans.clear()
        self._surveyed.clear()

    def _learn(self, kind: Kind, found: Page, by: str, is_newest: bool) -> None:
        if len(self._bottoms) + len(self._spans) > MAX_KINDS:
            self.forget()
        if found.after is None:
            if is_newest:
                self._bottoms[kind] = BEGINNING
            return
        newest, oldest = found.rows[0][by], found.rows[-1][by]
        span = max(newest - oldest, timedelta(milliseconds=len(found.rows)))
        spare = span / len(found.rows) * SPARE
        self._spans[kind] = span + spare
        if is_newest:
            self._bottoms[kind] = oldest - spare
