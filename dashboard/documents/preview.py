"""Previews: what other settings would make of the newest messages."""

from bson import ObjectId
from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.user import Account


class Preview(Document):
    """Settings one person tries out, and the analyses that would change by them."""

    user_id = StringField(required=True)  # whose it is; nobody else sees it
    username = StringField(required=True)
    said = DictField()  # entries by field, as they would be saved
    version = IntField(required=True)  # of the settings that were in force
    state = StringField(required=True)  # "running", "done" or "failed"
    chosen = ListField(ObjectIdField())  # the analyses to judge, newest first
    step = IntField(default=0)  # raised by every piece; decides between two workers
    seen = IntField(default=0)  # of those chosen
    left_out = IntField(default=0)  # demonstrations, which bring a world of their own
    unread = IntField(default=0)  # deleted meanwhile, or not to be had
    changed = ListField(DictField())  # id, before, after, gained, lost
    attempts = IntField(default=0)  # without a piece finished in between
    created_at = DateTimeField(required=True, default=now)
    touched_at = DateTimeField(required=True, default=now)
    expires_at = DateTimeField(required=True)

    meta = {
        "collection": "previews",
        "auto_create_index": False,
        "indexes": ["user_id", ("state", "touched_at"), "expires_at"],
    }

    @classmethod
    def of(cls, preview_id: str, user: Account) -> Row | None:
        """The preview, if it is this user's and has not expired."""
        if not ObjectId.is_valid(preview_id):
            return None
        mine = {"_id": ObjectId(preview_id), "user_id": user.id}
        row: Row | None = cls._get_collection().find_one(mine)
        return row if row and row["expires_at"] > now() else None
