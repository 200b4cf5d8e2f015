"""Threat indicators: what people put on record, and what becomes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.indicator import facets_of
from dashboard.documents.transactions import Interfered, transact
from dashboard.domain.aggregator import Level
from dashboard.domain.findings import Sentence
from dashboard.domain.indicators import OBSERVED, Kind, Threat, key_of
from dashboard.services.audit import Actor, Event, changes, record

TOLD: Final = (
    "threat_type",
    "threat_level",
    "confidence_score",
    "description",
    "source",
    "tags",
    "metadata",
)


class Exists(Exception):
    """A person has put the indicator on record before."""

    def __init__(self, indicator_id: ObjectId) -> None:
        super().__init__(Sentence("This indicator is on record already."))
        self.indicator_id = indicator_id


class Changed(Exception):
    """Somebody else changed or removed the indicator since it was read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of an indicator."""

    threat: Threat
    level: Level
    confidence: float  # from 0 to 1
    source: str
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    def as_fields(self) -> dict[str, Any]:
        """The stored fields."""
        return {
            "threat_type": self.threat.value,
            "threat_level": self.level.value,
            "confidence_score": self.confidence,
            "description": self.description,
            "source": self.source,
            "tags": list(self.tags),
            "metadata": dict(self.metadata),
        }


def add(kind: Kind, value: str, told: Told, actor: Actor) -> ObjectId:
    """Put a normalised indicator on record; raise `Exists` if a person did before.

    What an analysis has met becomes what the person says of it.
    """
    row = new_row(kind, value, told.as_fields())

    def work(session: ClientSession) -> ObjectId:
        current = _rows().find_one({"key": row["key"]}, session=session)
        if current is None:
            _rows().insert_one(row, session=session)
            _record(Event.INDICATOR_ADDED, actor, row, session, after=_told(row))
            return ObjectId(row["_id"])
        if current["source"] != OBSERVED:
            raise Exists(current["_id"])
        if not _change(current, told, actor, session):
            raise Interfered
        return ObjectId(current["_id"])

    try:
        return transact(work)
    except DuplicateKeyError:
        current = _rows().find_one({"key": row["key"]}, {"_id": 1})
        raise Exists(current["_id"] if current else row["_id"]) from None


def change(
    row: Row,
    told: Told,
    actor: Actor,
    *,
    version: int,
    spelled: tuple[Kind, str] | None = None,
) -> None:
    """Say something else of an indicator, or correct how it is spelled.

    Raises `Changed` if `version` is not current, and `Exists` if what it would be
    called is on record already. What was met under the old name stays there.
    """
    key = key_of(*spelled) if spelled else row["key"]

    def work(session: ClientSession) -> bool:
        current = _current(row, version, session)
        if current is None:
            return False
        if key == current["key"]:
            return _change(current, told, actor, session)
        if other := _rows().find_one({"key": key}, {"_id": 1}, session=session):
            raise Exists(other["_id"])
        return _change({**current, "key": key}, told, actor, session, spelled)

    try:
        is_done = transact(work)
    except DuplicateKeyError:
        other = _rows().find_one({"key": key}, {"_id": 1})
        raise Exists(other["_id"] if other else row["_id"]) from None
    if not is_done:
        raise Changed(
            Sentence("Somebody changed this indicator while you were writing.")
        )


def remove(row: Row, reason: str, actor: Actor, *, version: int) -> None:
    """Take an indicator off the record; where it was met stays known."""

    def work(session: ClientSession) -> bool:
        current = _current(row, version, session)
        if current is None:
            return False
        known = {"_id": row["_id"], "version": version}
        if not _rows().delete_one(known, session=session).deleted_count:
            return False
        told = {"reason": reason, "before": _told(current)}
        _record(Event.INDICATOR_REMOVED, actor, row, session, **told)
        return True

    if not transact(work):
        raise Changed(
            Sentence("Somebody changed this indicator while you were reading.")
        )


def store_sightings(
    rows: Iterable[Row], analysis: Row, run: int, session: ClientSession
) -> None:
    """Replace what an earlier run met, in the transaction that stores this one."""
    if run > 1:
        forget(analysis["_id"], session)
    found = [
        {
            **row,
            "analysis_id": analysis["_id"],
            "user_id": analysis["user_id"],
            "at": analysis["received_at"],
        }
        for row in rows
    ]
    if found:
        database()["sightings"].insert_many(found, session=session)


def forget(analysis_id: ObjectId, session: ClientSession) -> list[str]:
    """Remove what was met in a message; the keys of it."""
    return forget_all([analysis_id], session)


def forget_all(ids: Iterable[ObjectId], session: ClientSession) -> list[str]:
    """Remove what was met in several messages; the keys of it."""
    of = {"analysis_id": {"$in": list(ids)}}
    rows = list(database()["sightings"].find(of, {"key": 1}, session=session))
    if rows:
        database()["sightings"].delete_many(of, session=session)
    return [row["key"] for row in rows]


def drop_unseen(keys: Iterable[str]) -> None:
    """Remove observations that no message holds any more."""
    gone = sorted(set(keys))
    if not gone:
        return
    sightings = database()["sightings"]  # one of each is enough to know
    unseen = {"key": {"$in": [k for k in gone if not sightings.find_one({"key": k})]}}
    _rows().delete_many({**unseen, "source": OBSERVED})


def _change(
    current: Row,
    told: Told,
    actor: Actor,
    session: ClientSession,
    spelled: tuple[Kind, str] | None = None,
) -> bool:
    fields = told.as_fields()
    if spelled:
        kind, value = spelled
        name = {"indicator": value, "indicator_type": kind.value, "last_seen": None}
        fields |= {"key": current["key"], **name}
    after = {**current, **fields}
    fields |= {"facets": facets_of(after), "updated_at": now()}
    known = {"_id": current["_id"], "version": current["version"]}
    update = {"$set": fields, "$inc": {"version": 1}}
    if not _rows().update_one(known, update, session=session).modified_count:
        return False
    different = changes(_told(current), _told(after))
    _record(Event.INDICATOR_CHANGED, actor, current, session, changes=different)
    return True


def _current(row: Row, version: int, session: ClientSession) -> Row | None:
    current: Row | None = _rows().find_one({"_id": row["_id"]}, session=session)
    return current if current and current["version"] == version else None


def new_row(kind: Kind, value: str, fields: Mapping[str, Any]) -> Row:
    """A row for the record that nothing has been met of yet."""
    at = now()
    row: Row = {
        "_id": ObjectId(),
        "key": key_of(kind, value),
        "indicator": value,
        "indicator_type": kind.value,
        **fields,
        "last_seen": None,
        "version": 1,
        "created_at": at,
        "updated_at": at,
    }
    row["facets"] = facets_of(row)
    return row


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*TOLD, "indicator", "indicator_type")}


def _record(
    event: Event, actor: Actor, row: Row, session: ClientSession, **metadata: Any
) -> None:
    record(
        event,
        actor,
        of=("indicator", row["_id"]),
        description=row["key"],
        metadata=metadata,
        session=session,
    )


def _rows() -> Any:
    return database()["threat_intelligence"]
