"""What messages hold of what is on record, and what dangerous ones add to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bson import ObjectId
from pymongo.errors import BulkWriteError

from dashboard.documents.base import Row
from dashboard.documents.connection import database
from dashboard.documents.indicator import Indicator
from dashboard.domain.aggregator import Level, Verdict
from dashboard.domain.context import Known
from dashboard.domain.engine import Examination
from dashboard.domain.indicators import OBSERVED, Threat
from dashboard.domain.message import Message
from dashboard.domain.observables import Observable, observables, yielded
from dashboard.services.indicators import new_row

DANGEROUS: Final = (Verdict.SUSPICIOUS, Verdict.MALICIOUS)
FRESH: Final = timedelta(hours=1)  # so long a last sighting is not written anew
DUPLICATE: Final = 11000


def look_up(message: Message) -> list[Row]:
    """Everything on record that this message holds."""
    return Indicator.known_as(seen.key for seen in observables(message))


def told_by_people(rows: Iterable[Row]) -> tuple[Known, ...]:
    """What a verdict may rest on, in a stable order: no observations."""
    return tuple(
        sorted(
            Known(row["key"], row["threat_level"], row["threat_type"])
            for row in rows
            if row["source"] != OBSERVED
        )
    )


def observe(examination: Examination, known: Iterable[Row], at: datetime) -> list[Row]:
    """Put what a message yields on record, as observations; return its sightings.

    A dangerous message yields its own places; any message what people recorded. Safe
    to repeat, and done before the examination is stored: what a worker leaves behind
    when it dies in between is met again by the next one.
    """
    message, context = examination.message, examination.context
    is_bad = examination.assessment.verdict in DANGEROUS
    new = yielded(message, context) if is_bad else ()
    recorded = {entry.key for entry in context.indicators or ()}
    met = [*new, *(seen for seen in observables(message) if seen.key in recorded)]
    places: dict[str, list[str]] = {}
    for seen in met:
        places.setdefault(seen.key, []).append(seen.where)
    present = {row["key"]: row for row in known}
    _insert([seen for seen in new if seen.key not in present], at)
    _touch([row for key, row in present.items() if key in places], at)
    return [_sighting(key, found) for key, found in places.items()]


def _insert(new: Iterable[Observable], at: datetime) -> None:
    unrated = {
        "threat_type": Threat.UNRATED.value,
        "threat_level": Level.LOW.value,
        "confidence_score": 0.0,
        "description": "",
        "source": OBSERVED,
        "tags": [],
        "metadata": {},
    }
    rows: dict[str, Row] = {}
    for seen in new:
        row = new_row(seen.kind, seen.value, unrated)
        rows[seen.key] = {**row, "last_seen": at}
    if not rows:
        return
    try:
        database()["threat_intelligence"].insert_many(
            list(rows.values()), ordered=False
        )
    except BulkWriteError as error:  # another worker met the same at the same time
        if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
            raise


def _touch(rows: Iterable[Row], at: datetime) -> None:
    stale = [
        row["key"]
        for row in rows
        if row["last_seen"] is None or at - row["last_seen"] > FRESH
    ]
    if stale:
        database()["threat_intelligence"].update_many(
            {"key": {"$in": stale}}, {"$max": {"last_seen": at}}
        )


def _sighting(key: str, places: Iterable[str]) -> Row:
    return {"_id": ObjectId(), "key": key, "places": list(dict.fromkeys(places))}
