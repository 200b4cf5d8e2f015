"""What the organisation says of itself: one row, changed by whoever saw it last."""

from typing import Final

from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)

from dashboard.documents.base import Row

THE_ONE: Final = "settings"


class Organisation(Document):
    """Entries by field. A field that is not there follows the server's settings."""

    key = StringField(primary_key=True)
    said = DictField()
    version = IntField(required=True)  # raised by every change
    changed_at = DateTimeField(required=True)
    changed_by = StringField(required=True)
    history = ListField(DictField())  # the last changes: version, at, by, changes

    meta = {"collection": "organisation", "auto_create_index": False}

    @classmethod
    def known(cls) -> Row | None:
        """The row, if anybody ever changed the settings."""
        row: Row | None = cls._get_collection().find_one({"_id": THE_ONE})
        return row
