"""Links that work once: the first administrator's, invitations, later resets."""

from mongoengine import DateTimeField, Document, StringField

from dashboard.documents.connection import now


class OneTimeToken(Document):
    """A promise that may be kept once. Only a hash of the secret is stored."""

    digest = StringField(primary_key=True)
    purpose = StringField(required=True)
    user_id = StringField(default="")  # whose it is, where there is an account
    created_at = DateTimeField(required=True, default=now)
    expires_at = DateTimeField(required=True)
    used_at = DateTimeField(default=None)

    meta = {
        "collection": "one_time_tokens",
        "auto_create_index": False,
        "indexes": [
            ("purpose", "user_id"),
            {"fields": ["expires_at"], "expireAfterSeconds": 86400},
        ],
    }
