"""Trying settings out: asked for by a manager, worked out in the background."""

from datetime import timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.analysis import Analysis, select
from dashboard.documents.base import BEGINNING, Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import transact
from dashboard.domain.context import DEMO
from dashboard.domain.statuses import Status
from dashboard.services import queue
from dashboard.services.audit import Actor, Event, record
from dashboard.services.jobs import Job
from dashboard.services.organisation import Said, as_stored

MOST: Final = 200  # messages that are judged, the newest
KEPT_FOR: Final = timedelta(hours=1)
SILENT_AFTER: Final = timedelta(seconds=20)
MAX_ATTEMPTS: Final = 5
SWEEP_LIMIT: Final = 100


def begin(said: Said, actor: Actor, *, version: int) -> ObjectId:
    """Have a worker judge the newest messages by these settings and by the present.

    Nobody has more than one preview: this one takes the place of an earlier one.
    """
    row = _new_row(said, actor, version)

    def work(session: ClientSession) -> None:
        _previews().delete_many({"user_id": actor.user_id}, session=session)
        _previews().insert_one(row, session=session)
        record(
            Event.PREVIEW_CREATED,
            actor,
            of=("organisation", row["_id"]),
            metadata={"messages": len(row["chosen"]), "version": version},
            session=session,
        )

    transact(work)
    queue.enqueue(Job.PREVIEW, str(row["_id"]))
    created: ObjectId = row["_id"]
    return created


def sweep() -> None:
    """Go on with previews whose worker is gone, and delete what has expired."""
    silent = {"$gte": BEGINNING, "$lte": now() - SILENT_AFTER}
    running = {"state": "running", "touched_at": silent}
    for row in _previews().find(running).limit(SWEEP_LIMIT):
        _bring_back(row)
    expired = {"$gte": BEGINNING, "$lte": now()}
    _previews().delete_many({"expires_at": expired})


def _bring_back(row: Row) -> None:
    """Ask for the next piece again; give up when it was asked for too often."""
    is_lost = row["attempts"] >= MAX_ATTEMPTS
    changed: dict[str, Any] = {"touched_at": now(), "attempts": row["attempts"] + 1}
    if is_lost:
        changed["state"] = "failed"
    mine = {"_id": row["_id"], "state": "running", "step": row["step"]}
    if _previews().update_one(mine, {"$set": changed}).modified_count and not is_lost:
        queue.enqueue(Job.PREVIEW, str(row["_id"]))


def _new_row(said: Said, actor: Actor, version: int) -> Row:
    at = now()
    chosen, left_out = _newest()
    return {
        "_id": ObjectId(),
        "user_id": actor.user_id,
        "username": actor.name,
        "said": as_stored(said),
        "version": version,
        "state": "running",
        "chosen": chosen,
        "step": 0,
        "seen": 0,
        "left_out": left_out,
        "unread": 0,
        "changed": [],
        "attempts": 0,
        "created_at": at,
        "touched_at": at,
        "expires_at": at + KEPT_FOR,
    }


def _newest() -> tuple[list[ObjectId], int]:
    """The newest messages that were examined, and how many of them are for show."""
    done = select([f"status:{Status.DONE.value}"])
    found = Analysis.listed(done, size=MOST, after=None, at=now(), more=("source",))
    real = [row["_id"] for row in found.rows if row["source"] != DEMO]
    return real, len(found.rows) - len(real)


def _previews() -> Any:
    return database()["previews"]
