"""Writing the audit trail: every event by the use case that causes it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.analysis import terms
from dashboard.documents.connection import database, insert_once, now

MAX_TEXT: Final = 400
MAX_WORDS: Final = 12  # of one event that it is found by
READING_SECONDS: Final = 15 * 60


class Event(StrEnum):
    """Everything the trail can tell, as source:subject:outcome."""

    SIGN_IN = "session:sign-in:success"
    SIGN_IN_FAILED = "session:sign-in:failure"
    SIGN_IN_LIMITED = "session:sign-in:limited"
    SIGN_OUT = "session:sign-out"
    SESSION_ENDED = "session:end"
    SESSION_EXPIRED = "session:expire"
    SESSION_REFUSED = "session:refuse"
    SESSION_MOVED = "session:move"
    ACCOUNT_CREATED = "account:create"
    ACCOUNT_CHANGED = "account:change"
    ACCOUNT_DEACTIVATED = "account:deactivate"
    ACCOUNT_REACTIVATED = "account:reactivate"
    ACCOUNT_DELETED = "account:delete"
    ROLE_CHANGED = "account:role"
    PASSWORD_CHANGED = "account:password:success"  # noqa: S105 - the name of an event
    PASSWORD_REFUSED = "account:password:failure"  # noqa: S105
    INVITED = "invitation:create"
    INVITATION_ACCEPTED = "invitation:accept"
    INVITATION_WITHDRAWN = "invitation:withdraw"
    FIRST_LINK = "account:first-link"
    UPLOAD_STORED = "upload:store"
    UPLOAD_UNPACKED = "upload:unpack:success"
    UPLOAD_FAILED = "upload:unpack:failure"
    ANALYSIS_SUBMITTED = "analysis:submit"
    ANALYSIS_FINISHED = "analysis:finish"
    ANALYSIS_FAILED = "analysis:fail"
    ANALYSIS_CANCELLED = "analysis:cancel"
    ANALYSIS_REPEATED = "analysis:repeat"
    ANALYSIS_JUDGED = "analysis:judge"
    ANALYSIS_DELETED = "analysis:delete"
    INDICATOR_ADDED = "indicator:add"
    INDICATOR_CHANGED = "indicator:change"
    INDICATOR_REMOVED = "indicator:remove"
    ORGANISATION_CHANGED = "organisation:change"
    PREVIEW_CREATED = "organisation:preview"
    FILE_DOWNLOADED = "analysis:download"
    DEMO_LOADED = "demo:load"
    DEMO_CLEARED = "demo:clear"
    ACCESS_REFUSED = "access:refused"
    TRAIL_READ = "trail:read"
    EXPORT_CREATED = "export:create"
    EXPORT_FINISHED = "export:finish"
    EXPORT_DOWNLOADED = "export:download"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where."""

    name: str  # user name, or "worker", "command line"
    user_id: str = ""
    ip_address: str = ""
    user_agent: str = ""
    request_id: str = ""


WORKER: Final = Actor("worker")
COMMAND: Final = Actor("command line")


def record(
    event: Event,
    actor: Actor,
    *,
    of: tuple[str, object] = ("", ""),
    description: str = "",
    metadata: Mapping[str, Any] | None = None,
    session: ClientSession | None = None,
) -> None:
    """Add one event, in the caller's transaction when a session is given."""
    row = _row(event, actor, of, description, metadata)
    if session is None:
        insert_once("audit_logs", row)
    else:
        database()["audit_logs"].insert_one(row, session=session)


def record_each(
    event: Event,
    actor: Actor,
    told: Iterable[tuple[tuple[str, object], Mapping[str, Any]]],
    session: ClientSession,
) -> None:
    """Add the same event for several objects, each with its metadata."""
    rows = [_row(event, actor, of, "", metadata) for of, metadata in told]
    if rows:
        database()["audit_logs"].insert_many(rows, session=session)


def record_reading(actor: Actor, *, of: tuple[str, object], asked: str) -> None:
    """Note that somebody reads the trail, or one event of it.

    One event a person, question and quarter of an hour: its id is made of these, so
    that turning pages and loading again add nothing, however many do it at once.
    """
    row = _row(Event.TRAIL_READ, actor, of, "", {"filter": asked} if asked else {})
    start = int(row["timestamp"].timestamp()) // READING_SECONDS * READING_SECONDS
    told = repr((actor.user_id, actor.name, *map(str, of), asked, start))
    digest = hashlib.sha256(told.encode("utf-8", "replace")).digest()
    row["_id"] = ObjectId(start.to_bytes(4, "big") + digest[:8])
    insert_once("audit_logs", row)


def _row(
    event: Event,
    actor: Actor,
    of: tuple[str, object],
    description: str,
    metadata: Mapping[str, Any] | None,
) -> dict[str, Any]:
    kind, identity = of
    row = {
        "_id": ObjectId(),
        "event_type": event.partition(":")[0],
        "action": event.value,
        "user_id": actor.user_id,
        "actor": actor.name[:MAX_TEXT],
        "description": description[:MAX_TEXT],
        "object_type": kind,
        "object_id": str(identity),
        "ip_address": actor.ip_address,
        "user_agent": actor.user_agent[:MAX_TEXT],
        "request_id": actor.request_id,
        "metadata": dict(metadata or {}),
        "timestamp": now(),
    }
    row["facets"] = facets_of(row)
    return row


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What became different, for the metadata of an event: old and new by name."""
    names = sorted(before.keys() | after.keys())
    return {
        name: {"before": before.get(name), "after": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    }


def facets_of(row: Mapping[str, Any]) -> list[str]:
    """Everything a list of events can ask this one for."""
    told = (
        ("request", row["request_id"]),
        ("object", row["object_id"]),
        ("ip", row["ip_address"]),
        ("who", row["actor"].casefold()),
        ("action", row["action"]),
        ("type", row["event_type"]),
    )
    facets = [f"{name}:{value}" for name, value in told if value]
    words = terms(f"{row['actor']} {row['description']}")[:MAX_WORDS]
    return [*facets, *(f"t:{word}" for word in words)]
