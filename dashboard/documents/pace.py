"""How far back a page of a list reaches, learned from the page before it.

For lists that nobody counts by day. The first page of a kind costs a few queries,
those after it one each, which reads hardly more rows than it shows.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pymongo.collection import Collection

from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection, page

Kind = tuple[str, ...]

SPARE: Final = 4  # gaps between rows that are read beyond the last one
MAX_KINDS: Final = 1000


class Pace:
    """What was learned of each kind of list, in this process."""

    def __init__(self, first_guess: timedelta) -> None:
        self._first_guess = first_guess
        self._bottoms: dict[Kind, datetime] = {}  # where the newest page ended
        self._spans: dict[Kind, timedelta] = {}  # how much time a page holds

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
    ) -> Page:
        """Read one page as `base.page` does, and learn from it."""
        kind = (by, str(size), *selection.names)
        is_newest = after is None and selection.until is None

        def first_window(top: datetime) -> timedelta:
            if is_newest and kind in self._bottoms:
                return top - self._bottoms[kind]
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
        )
        self._learn(kind, found, by, is_newest)
        return found

    def _learn(self, kind: Kind, found: Page, by: str, is_newest: bool) -> None:
        if len(self._bottoms) + len(self._spans) > MAX_KINDS:
            self._bottoms.clear()
            self._spans.clear()
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
