"""Sign-in sessions: who is signed in, from where, until when."""

from mongoengine import BooleanField, DateTimeField, Document, StringField

from dashboard.documents.connection import now


class PersistentSession(Document):
    """A sign-in. Only a hash of its id is stored: a stolen database signs nobody in."""

    session_id = StringField(required=True, unique=True)  # SHA-256 of the real id
    user_id = StringField(required=True)
    ip_address = StringField(default="")
    user_agent = StringField(default="", max_length=400)
    created_at = DateTimeField(required=True, default=now)
    expires_at = DateTimeField(required=True)
    last_seen = DateTimeField(required=True, default=now)
    active = BooleanField(default=True)
    ended_at = DateTimeField(default=None)
    ended_by = StringField(default="")
    ended_why = StringField(default="")

    meta = {
        "collection": "persistent_sessions",
        "auto_create_index": False,
        "indexes": [("user_id", "expires_at"), "expires_at"],
    }
