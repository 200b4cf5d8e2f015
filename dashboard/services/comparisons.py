"""What a worker does for a preview: judge messages by two contexts, note who differs.

One piece after the other, each stored by compare-and-set, so that a worker may be
killed at any moment and two of them may try at once.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pymongo
from bson import ObjectId

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.domain.aggregator import Assessment
from dashboard.domain.context import Context
from dashboard.domain.engine import judge
from dashboard.domain.organisation import context_of
from dashboard.domain.parsing import parse
from dashboard.services import (
    history,
    messages,
    observations,
    organisation,
    outside,
    queue,
)
from dashboard.services.jobs import Job
from dashboard.services.messages import MessageLost
from dashboard.services.outside import NOBODY, Outside

PIECE_SECONDS: Final = 2.0  # well below what a task may take
PIECE_MESSAGES: Final = 50
STEP_SECONDS: Final = 3.0  # of database time

Difference = dict[str, Any]
Contexts = tuple[Context, Context]  # the present one and the proposed one


def advance(preview_id: str, servers: Context, beside: Outside = NOBODY) -> None:
    """Judge the next messages of a preview. Safe to run twice, and by two at once.

    DNS is not asked: what is only tried out is told to nobody.
    """
    with pymongo.timeout(STEP_SECONDS):
        row = _previews().find_one({"_id": ObjectId(preview_id)})
        present = organisation.known().context(servers)
    if row is None or row["state"] != "running":
        return
    said = organisation.from_stored(row["said"])
    proposed = context_of(said, servers, present.version)
    judged = list(_judged(row, (present, proposed), beside))
    if _store(row, judged):
        queue.enqueue(Job.PREVIEW, preview_id)


def difference(before: Assessment, after: Assessment) -> Difference | None:
    """What became different, if the level did: from, to, and by which rules."""
    was, became = _level(before), _level(after)
    if was == became:
        return None
    old, new = _points(before), _points(after)
    return {
        "before": was,
        "after": became,
        "gained": sorted(rule for rule in new if old.get(rule) != new[rule]),
        "lost": sorted(old.keys() - new.keys()),
    }


def _judged(
    row: Row, contexts: Contexts, beside: Outside
) -> Iterator[Difference | None]:
    """One answer for each message, as many as fit into the time of a task."""
    until = time.monotonic() + PIECE_SECONDS
    waiting = row["chosen"][row["seen"] : row["seen"] + PIECE_MESSAGES]
    for analysis_id in waiting:
        try:
            found = _compared(analysis_id, contexts, beside)
        except MessageLost:
            yield {"unread": True}
        else:
            yield {"id": analysis_id, **found} if found else None
        if time.monotonic() > until:
            return


def _compared(
    analysis_id: ObjectId, contexts: Contexts, beside: Outside
) -> Difference | None:
    with pymongo.timeout(STEP_SECONDS):
        row = database()["email_analyses"].find_one({"_id": analysis_id})
        if row is None:
            raise MessageLost(str(analysis_id))
        raw = messages.load(row["sha256"])
    message = parse(raw)
    with pymongo.timeout(STEP_SECONDS):
        known = observations.told_by_people(observations.look_up(message))
        earlier = history.told(message, history.look_up(message, row), row)
    told: dict[str, Any] = {
        "indicators": known,
        "history": earlier,
        "scanned": outside.scan(message, beside),
    }
    before, after = (
        judge(message, context=replace(context, **told)).assessment
        for context in contexts
    )
    return difference(before, after)


def _store(row: Row, judged: list[Difference | None]) -> bool:
    """Note what was found; whether there is more to do, and nobody else did it."""
    seen, at = row["seen"] + len(judged), now()
    found = [each for each in judged if each is not None]
    is_done = seen >= len(row["chosen"])
    noted = {
        "seen": seen,
        "unread": row["unread"] + sum("unread" in each for each in found),
        "changed": [*row["changed"], *(each for each in found if "id" in each)],
        "attempts": 0,
        "touched_at": at,
        "state": "done" if is_done else "running",
    }
    mine = {"_id": row["_id"], "state": "running", "step": row["step"]}
    with pymongo.timeout(STEP_SECONDS):
        update = {"$set": noted, "$inc": {"step": 1}}
        is_mine = bool(_previews().update_one(mine, update).modified_count)
    return is_mine and not is_done


def _level(assessment: Assessment) -> str:
    """The level as lists know it; empty where a message cannot be judged."""
    return assessment.level.value if assessment.level else ""


def _points(assessment: Assessment) -> dict[str, int]:
    return {each.finding.rule: each.points for each in assessment.findings}


def _previews() -> Any:
    return database()["previews"]
