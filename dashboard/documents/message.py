"""Stored messages: the bytes, kept once, and what their pages show of them."""

from mongoengine import (
    BinaryField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.base import Row
from dashboard.documents.connection import now


class StoredMessage(Document):
    """The bytes of one message, compressed, whoever submitted them."""

    sha256 = StringField(primary_key=True)
    content = BinaryField(default=None)  # of a small one
    file_id = ObjectIdField(default=None)  # in GridFS, of a larger one
    size = IntField(required=True)
    created_at = DateTimeField(required=True, default=now)
    held_at = DateTimeField(default=None)  # when it was last submitted

    meta = {
        "collection": "messages",
        "auto_create_index": False,
        "indexes": ["file_id"],
    }


class AttachmentArchive(Document):
    """One attachment by its hash, sealed in an archive."""

    sha256 = StringField(primary_key=True)
    content = BinaryField(default=None)  # of a small one
    file_id = ObjectIdField(default=None)  # in GridFS, of a larger one
    size = IntField(required=True)
    created_at = DateTimeField(required=True, default=now)
    kept_at = DateTimeField(default=None)  # when it was last met in a message

    meta = {
        "collection": "attachment_archives",
        "auto_create_index": False,
        "indexes": ["file_id"],
    }


class MessageView(Document):
    """What the worker read in a message, for the tabs of its receipt."""

    sha256 = StringField(primary_key=True)
    made_by = StringField(required=True)  # version of the reading code
    tabs = DictField()  # text, headers, hops, links, attachments, source
    safe_html = StringField(default="")
    created_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "message_views",
        "auto_create_index": False,
        "indexes": ["tabs.attachments.sha256"],
    }

    @classmethod
    def tabs_of(cls, sha256: str) -> Row | None:
        """What the tabs show of a message, or None before it was read."""
        row = cls._get_collection().find_one({"_id": sha256}, {"tabs": 1})
        return row["tabs"] if row else None

    @classmethod
    def holds(cls, sha256: str) -> bool:
        """Whether a file with that hash is attached to any message."""
        attached = {"tabs.attachments.sha256": sha256}
        return cls._get_collection().find_one(attached, {"_id": 1}) is not None

    @classmethod
    def safe_html_of(cls, sha256: str) -> str | None:
        """The page of the safe view, or None before the message was read."""
        row = cls._get_collection().find_one({"_id": sha256}, {"safe_html": 1})
        return row["safe_html"] if row else None
