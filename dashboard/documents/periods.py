"""The times senders are counted over: this week and the one before it, in UTC.

A message is counted in the period that ends with its week and in the one after, so that
no page has to add up what days say of thousands of senders.
"""

from datetime import datetime, timedelta
from typing import Final

from dashboard.documents.connection import now

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
PERIOD: Final = 2 * WEEK


def begin(at: datetime) -> datetime:
    """When the period began that ends with this week: on a Monday."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - DAY * at.weekday() - WEEK


def period(begun: datetime) -> str:
    """The period that began then, by its first and last day."""
    return f"{begun:%Y-%m-%d}..{begun + PERIOD - DAY:%Y-%m-%d}"


def open_periods(received_at: datetime) -> list[str]:
    """The periods a message is counted in, as far as they are not over."""
    first = begin(received_at)
    return [period(begun) for begun in (first, first + WEEK) if begun >= begin(now())]
