"""Jobs: work that must not be lost, whoever dies while doing it."""

from bson import ObjectId
from mongoengine import (
    DateTimeField,
    Document,
    EnumField,
    IntField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.base import BEGINNING, Row
from dashboard.documents.connection import now
from dashboard.domain.statuses import JobState


class AnalysisJob(Document):
    """One request to analyse one message."""

    analysis_id = ObjectIdField(required=True)
    run = IntField(required=True, default=1)  # which analysis of the message
    state = EnumField(JobState, default=JobState.QUEUED)
    fence = IntField(default=0)  # raised by every claim; an older holder is refused
    attempts = IntField(default=0)  # ended by the job itself: crash, time, memory
    losses = IntField(default=0)  # ended from outside: the worker was killed
    task_id = StringField(default="")  # of the message that claimed it
    lease_until = DateTimeField(required=True, default=now)
    heartbeat_at = DateTimeField(default=None)
    reason = StringField(default="")  # why the last attempt ended
    requested_by = StringField(default="")
    ruleset = StringField(default="")  # chosen for this run; else the current one
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "analysis_jobs",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("analysis_id", "run"), "unique": True},
            ("state", "lease_until"),
        ],
    }

    @classmethod
    def of(cls, analysis_id: ObjectId, run: int) -> Row | None:
        """The job of one run, or None."""
        found = {"analysis_id": analysis_id, "run": run}
        row: Row | None = cls._get_collection().find_one(found)
        return row

    @classmethod
    def count_queued(cls, *, at_most: int) -> int:
        """How many jobs wait; counting stops at the given number."""
        queued = {"state": JobState.QUEUED.value, "lease_until": {"$gte": BEGINNING}}
        found = cls._get_collection().find(queued, {"_id": 1}).limit(at_most)
        return sum(1 for _ in found)
