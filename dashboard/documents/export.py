"""Exports: lists that are too long to be written while somebody waits."""

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    Document,
    FloatField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.user import Account

MAX_LISTED = 50


class Export(Document):
    """A list as one person asked for it, written piece by piece, kept for a day."""

    user_id = StringField(required=True)  # whose it is; nobody else sees it
    slot = StringField(required=True)  # one of few while it is written, then its id
    username = StringField(required=True)
    listed = StringField(required=True)  # "analyses", "audit", ...
    format = StringField(required=True)  # "csv" or "jsonl"
    asked = StringField(default="")  # the filter as the address said it
    facets = ListField(StringField())
    since = DateTimeField(required=True)
    until = DateTimeField(required=True)
    is_rising = BooleanField(default=False)  # the oldest row comes first
    state = StringField(required=True)  # "running", "done" or "failed"
    step = IntField(default=0)  # raised by every piece; decides between two writers
    rows = IntField(default=0)
    size = IntField(default=0)  # bytes
    after = StringField(default="")  # the key of the last row written
    window = FloatField(required=True)  # seconds that the last rows lay apart
    parts = ListField(ObjectIdField())
    attempts = IntField(default=0)  # without a piece written in between
    created_at = DateTimeField(required=True, default=now)
    touched_at = DateTimeField(required=True, default=now)
    finished_at = DateTimeField(default=None)
    expires_at = DateTimeField(required=True)

    meta = {
        "collection": "exports",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("user_id", "slot"), "unique": True},
            ("state", "touched_at"),
            "expires_at",
            "parts",
        ],
    }

    @classmethod
    def of(cls, export_id: str, user: Account) -> Row | None:
        """The export, if it is this user's and has not expired."""
        if not ObjectId.is_valid(export_id):
            return None
        mine = {"_id": ObjectId(export_id), "user_id": user.id}
        row: Row | None = cls._get_collection().find_one(mine)
        return row if row and row["expires_at"] > now() else None

    @classmethod
    def every(cls, user: Account) -> list[Row]:
        """What this user has asked for and can still have, newest first."""
        rows = cls._get_collection().find({"user_id": user.id}).limit(MAX_LISTED)
        valid = [row for row in rows if row["expires_at"] > now()]
        return sorted(valid, key=lambda row: row["created_at"], reverse=True)
