"""What is left to be removed after analyses were deleted."""

from mongoengine import DateTimeField, Document, ListField, ObjectIdField, StringField

from dashboard.documents.connection import now


class LooseEnd(Document):
    """What a deletion left behind, unless somebody else has it too."""

    files = ListField(ObjectIdField())  # the bytes of messages
    attached = ListField(StringField())  # hashes of sealed attachments
    met = ListField(StringField())  # keys of indicators
    created_at = DateTimeField(required=True, default=now)

    meta = {"collection": "loose_ends", "auto_create_index": False}
