"""Uploads: containers that were handed in, and what became of each thing in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    Document,
    EnumField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.analysis import may_see
from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection
from dashboard.documents.connection import now
from dashboard.documents.pace import Pace
from dashboard.documents.user import Account
from dashboard.domain.intake import Kind
from dashboard.domain.statuses import UploadState

LIST_FIELDS: Final = (
    *("name", "kind", "size", "state", "source", "actor", "user_id", "received_at"),
    *("seen", "accepted", "known", "refused"),
)
PACE: Final = Pace(timedelta(days=30))
DUE_LIMIT: Final = 100


class Upload(Document):
    """A container somebody handed in, and how far it is unpacked."""

    user_id = StringField(required=True)  # who handed it in, as a string
    actor = StringField(required=True)  # their name at that time
    request_id = StringField(default="")
    origin_key = StringField(required=True, unique=True)  # one row a container
    source = StringField(required=True)  # "upload", "command", "inbox", "api"
    name = StringField(default="")  # shown only; nothing is ever written under it
    kind = EnumField(Kind, required=True)
    sha256 = StringField(required=True)
    size = IntField(required=True)
    file_id = ObjectIdField(default=None)  # of the bytes; gone once unpacked
    state = EnumField(UploadState, default=UploadState.WAITING)
    fence = IntField(default=0)  # raised by every claim; an older holder is refused
    attempts = IntField(default=0)  # since it last came further
    lease_until = DateTimeField(required=True, default=now)
    member = IntField(default=0)  # where the next entry begins
    offset = IntField(default=0)
    seen = IntField(default=0)
    accepted = IntField(default=0)  # new ones
    known = IntField(default=0)  # that had been submitted before
    refused = IntField(default=0)
    is_cut = BooleanField(default=False)  # whether entries were left because of many
    reason = StringField(default="")  # why it could not be unpacked
    facets = ListField(StringField())
    received_at = DateTimeField(required=True, default=now)
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "uploads",
        "auto_create_index": False,
        "indexes": [
            ("received_at", "id"),
            ("facets", "received_at", "id"),
            ("state", "lease_until"),
            "file_id",
        ],
    }

    @classmethod
    def visible(cls, upload_id: str, user: Account) -> Row | None:
        """The row, if it exists and this user may see it."""
        if not ObjectId.is_valid(upload_id):
            return None
        row = cls._get_collection().find_one({"_id": ObjectId(upload_id)})
        return row if row and may_see(row, user) else None

    @classmethod
    def listed(
        cls, facets: Iterable[str], *, size: int, after: Key | None, at: datetime
    ) -> Page:
        """One page of the uploads with these facets, newest first."""
        return PACE.page(
            cls._get_collection(),
            select(facets),
            size=size,
            after=after,
            fields=LIST_FIELDS,
            now=at,
            by="received_at",
        )

    @classmethod
    def due(cls, state: UploadState) -> list[Row]:
        """Uploads in that state that nobody has worked on for too long."""
        overdue = {"$gte": BEGINNING, "$lt": now()}
        wanted = {"state": state.value, "lease_until": overdue}
        return list(cls._get_collection().find(wanted).limit(DUE_LIMIT))


def select(
    facets: Iterable[str],
    *,
    since: datetime = BEGINNING,
    until: datetime | None = None,
) -> Selection:
    """Uploads with all these facets, received between these times."""
    wanted = list(facets)
    bound = {"facets": wanted[0]} if wanted else {}
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    return Selection(bound, rest, since, until)


class UploadEntry(Document):
    """What became of one thing in a container."""

    key = StringField(primary_key=True)  # of the upload, and its number in it
    upload_id = ObjectIdField(required=True)
    number = IntField(required=True)  # from 1, in the order of the container
    name = StringField(default="")
    analysis_id = StringField(default="")
    is_new = BooleanField(default=False)
    reason = StringField(default="")  # why it was refused

    meta = {
        "collection": "upload_entries",
        "auto_create_index": False,
        "indexes": [{"fields": ("upload_id", "number"), "unique": True}],
    }

    @classmethod
    def of(cls, upload_id: ObjectId, *, start: int, size: int) -> list[Row]:
        """Some entries of an upload, in their order, from a number on."""
        numbers = {"$gte": start, "$lt": start + size}
        found = cls._get_collection().find({"upload_id": upload_id, "number": numbers})
        return sorted(found, key=lambda row: int(row["number"]))
