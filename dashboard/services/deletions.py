"""Deleting analyses, with everything that was stored because of them alone.

The analyses, their jobs, receipts and sightings, the numbers they are counted in, and
the bytes and view of a message nobody else submitted go in one transaction with their
events. What takes longer is noted in it and removed by a worker, however often it is
killed meanwhile. The audit trail stays.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

from bson import ObjectId
from pymongo import DeleteOne
from pymongo.client_session import ClientSession

from dashboard.documents import counters
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.counters import Move
from dashboard.documents.transactions import Interfered
from dashboard.services import archives, files, indicators, proofs, queue
from dashboard.services.audit import Actor, Event, record_each
from dashboard.services.jobs import Job

AT_ONCE: Final = 100  # deletions a worker tidies up after in one go
TIDY_SECONDS: Final = 3.0  # well below what a task may take
# What the trail keeps: nothing the sender wrote.
TOLD: Final = (
    *("sha256", "size", "source", "user_id", "received_at", "status"),
    *("threat_level", "verdict"),
)


def remove(rows: list[Row], reason: str, actor: Actor, session: ClientSession) -> None:
    """Delete analyses as they were read in the caller's transaction, all or none."""
    ids = [row["_id"] for row in rows]
    as_read = [DeleteOne({"_id": r["_id"], "revision": r["revision"]}) for r in rows]
    gone = database()["email_analyses"].bulk_write(as_read, session=session)
    if gone.deleted_count != len(rows):
        raise Interfered
    of = {"analysis_id": {"$in": ids}}
    database()["analysis_jobs"].delete_many(of, session=session)
    database()["analysis_receipts"].delete_many(of, session=session)
    left = _remove_messages({row["sha256"] for row in rows}, session)
    left["met"] = sorted(set(indicators.forget_all(ids, session)))
    moves = [Move(r["received_at"], gone=r["facets"], received=-1) for r in rows]
    counters.change_all(moves, session)
    told = [(("analysis", row["_id"]), _told(row, reason)) for row in rows]
    record_each(Event.ANALYSIS_DELETED, actor, told, session)
    if any(left.values()):
        end = {"_id": ObjectId(), **left, "created_at": now()}
        database()["loose_ends"].insert_one(end, session=session)


def tidy() -> None:
    """Remove what deletions left behind. Safe to run twice, and by two at once.

    What does not fit into the time of a task is asked for again.
    """
    ends, until = database()["loose_ends"], time.monotonic() + TIDY_SECONDS
    for end in ends.find({}).sort("_id", 1).limit(AT_ONCE):
        if time.monotonic() > until:
            queue.enqueue(Job.TIDY)
            return
        files.delete_all(end["files"])
        indicators.drop_unseen(end["met"])
        early = [h for h in end["attached"] if not archives.remove_unnamed(h)]
        if early:
            ends.update_one({"_id": end["_id"]}, {"$set": {"attached": early}})
        else:
            ends.delete_one({"_id": end["_id"]})


def _remove_messages(hashes: Iterable[str], session: ClientSession) -> Row:
    """Forget the messages that no analysis is of any more; what is left of them.

    Whoever submits the same bytes now writes the row that is deleted here
    (`messages.hold`), so that only one of the two happens.
    """
    analyses = database()["email_analyses"]
    of_nobody = [
        sha256
        for sha256 in sorted(hashes)
        if not analyses.find_one({"sha256": sha256}, {"_id": 1}, session=session)
    ]
    found: dict[str, Any] = {"_id": {"$in": of_nobody}}
    messages, views = database()["messages"], database()["message_views"]
    stored = list(messages.find(found, {"file_id": 1}, session=session))
    read = list(views.find(found, {"tabs.attachments.sha256": 1}, session=session))
    messages.delete_many(found, session=session)
    views.delete_many(found, session=session)
    proofs.forget(of_nobody, session)
    attached = (file["sha256"] for row in read for file in _attachments(row))
    return {
        "files": [row["file_id"] for row in stored if "file_id" in row],
        "attached": sorted(set(attached)),
    }


def _attachments(view: Row) -> list[Row]:
    found: list[Row] = view.get("tabs", {}).get("attachments", [])
    return found


def _told(row: Row, reason: str) -> Row:
    before = {name: row[name] for name in TOLD}
    before["decision"] = row["decision"].get("verdict", "")
    return {"reason": reason, "before": before}
