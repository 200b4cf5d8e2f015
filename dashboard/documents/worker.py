"""Workers: when each was last seen alive."""

from datetime import datetime, timedelta
from typing import Final

from mongoengine import DateTimeField, Document, IntField, StringField, UUIDField

from dashboard.documents.connection import now

SILENT_AFTER: Final = timedelta(seconds=20)


class OpenSession(Document):
    """A database session in which a thread runs its transactions."""

    session = UUIDField(primary_key=True)
    host = StringField(required=True)
    pid = IntField(required=True)
    mark = StringField(required=True)  # the start of the process
    at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "open_sessions",
        "auto_create_index": False,
        "indexes": ["host", {"fields": ["at"], "expireAfterSeconds": 30 * 86_400}],
    }


class WorkerHeartbeat(Document):
    """One machine's worker. Its children write this whenever they sweep."""

    name = StringField(primary_key=True)
    at = DateTimeField(required=True, default=now)
    version = StringField(default="")

    meta = {"collection": "worker_heartbeats", "auto_create_index": False}

    @classmethod
    def last_seen(cls) -> datetime | None:
        """When any worker was last alive, or None if none ever was."""
        rows = cls._get_collection().find({}, {"at": 1})
        return max((row["at"] for row in rows), default=None)

    @classmethod
    def is_any_alive(cls, at: datetime) -> bool:
        """Whether a worker was alive within the last seconds."""
        seen = cls.last_seen()
        return seen is not None and at - seen < SILENT_AFTER
