"""Answers to requests that a program may send again, kept for a day."""

from mongoengine import DateTimeField, DictField, Document, IntField, StringField

from dashboard.documents.connection import now


class IdempotencyKey(Document):
    """A key somebody used, what they sent with it, and what they were told."""

    key = StringField(primary_key=True)  # hash of the sender and their key
    digest = StringField(required=True)  # of what was sent
    status = IntField(default=0)  # 0 while there is no answer yet
    answer = DictField()
    created_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "idempotency_keys",
        "auto_create_index": False,
        "indexes": ["created_at"],
    }
