"""What every list page has: filters, lines, and the way to the next page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from dashboard.documents.base import Page, Row
from dashboard.web.filters import OLDEST, ORDER, Filters

TIMES: Final = ("-1d", "-7d", "-30d")


class Select(NamedTuple):
    """A filter that is chosen without typing: its name, what it is, its values."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One page of a list, ready to print."""

    here: str  # the path of the list
    filters: Filters
    selects: tuple[Select, ...]
    lines: list[Any]
    older: str  # the query string of the next page; empty when there is none
    searched: datetime | None = None  # how far back, where more may match beyond

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """What the form repeats: all that is asked for beside its own selects."""
        return typed(self.filters, self.selects)


def table(
    here: str,
    filters: Filters,
    selects: Iterable[Select],
    page: Page,
    line: Callable[[Row], Any],
) -> Table:
    """Put a page together; `line` turns each stored row into what is printed."""
    older = filters.query(after=str(page.after)) if page.after else ""
    lines = [line(row) for row in page.rows]
    return Table(here, filters, tuple(selects), lines, older, searched(page))


def searched(page: Page) -> datetime | None:
    """How far a search has looked, where it has not looked at everything."""
    return page.after.at if page.is_cut and page.after else None


def typed(filters: Filters, selects: Iterable[Select]) -> tuple[tuple[str, str], ...]:
    """The tokens and words that no select of the form shows, and the order."""
    own = {select.name for select in selects}
    kept = (token for token in filters.tokens if token[0] not in own)
    order = ((ORDER, OLDEST),) if filters.is_rising else ()
    return (*kept, *(("q", word) for word in filters.words), *order)


def select(
    filters: Filters, name: str, label: str, any_: str, words: Mapping[str, str]
) -> Select:
    """A select over a few known values; one that was typed is offered as well."""
    chosen = filters.chosen(name)
    options = (("", any_), *((value, str(word)) for value, word in words.items()))
    if chosen and chosen not in dict(options):
        options = (*options, (chosen, chosen))
    return Select(name, label, chosen, options)


def since(filters: Filters, label: str) -> Select:
    """The select that narrows a list to recent rows."""
    words = dict(
        zip(
            TIMES,
            (_("Last 24 hours"), _("Last 7 days"), _("Last 30 days")),
            strict=True,
        )
    )
    return select(filters, "since", label, _("Any time"), words)
