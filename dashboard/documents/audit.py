"""The audit trail: what happened, who did it, from where. Rows are only ever added."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn, Self

from bson import ObjectId
from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    ListField,
    QuerySet,
    StringField,
)

from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection
from dashboard.documents.connection import now
from dashboard.documents.pace import WHOLE, Pace

LIST_FIELDS: Final = (
    *("event_type", "action", "actor", "user_id", "description", "object_type"),
    *("object_id", "ip_address", "user_agent", "request_id", "metadata"),
)
# By which facet a list is bounded, the rarest first.
RARITY: Final = ("request", "object", "t", "ip", "who", "action", "type")
FEW: Final = ("request", "object")  # of these there is hardly more than a page
MAX_TOGETHER: Final = 50  # events of one request that are shown

PACE: Final = Pace(timedelta(hours=1))
RARE: Final = Pace(WHOLE)


class Added(QuerySet):
    """Events, to be read; there is no way to change or delete them."""

    def _refuse(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise PermissionError("An audit event is never changed or deleted.")

    update = update_one = upsert_one = modify = delete = _refuse


class AuditLog(Document):
    """One event. There is no way to change or delete one."""

    event_type = StringField(required=True)  # "analysis", "session", "account", ...
    action = StringField(required=True)  # "analysis:submit"
    user_id = StringField(default="")
    actor = StringField(default="")  # the user name at that time, or what acted
    description = StringField(default="")
    object_type = StringField(default="")
    object_id = StringField(default="")
    ip_address = StringField(default="")
    user_agent = StringField(default="")
    request_id = StringField(default="")
    metadata = DictField()
    timestamp = DateTimeField(required=True, default=now)
    facets = ListField(StringField())  # what lists ask for

    meta = {
        "collection": "audit_logs",
        "queryset_class": Added,
        "auto_create_index": False,
        "indexes": [
            ("timestamp", "id"),
            ("facets", "timestamp", "id"),
        ],
    }

    def save(self, *arguments: Any, **options: Any) -> Self:
        if not self._created:
            raise PermissionError("An audit event is never changed.")
        saved: Self = super().save(*arguments, **options)
        return saved

    def update(self, **_changes: Any) -> NoReturn:
        raise PermissionError("An audit event is never changed.")

    def delete(self, **_options: Any) -> NoReturn:
        raise PermissionError("An audit event is never deleted.")

    @classmethod
    def listed(
        cls, selection: Selection, *, size: int, after: Key | None, at: datetime
    ) -> Page:
        """One page of the trail, newest first, as plain rows of `LIST_FIELDS`."""
        is_rare = str(selection.bound.get("facets", "")).startswith(FEW)
        return (RARE if is_rare else PACE).page(
            cls._get_collection(),
            selection,
            size=size,
            after=after,
            fields=LIST_FIELDS,
            now=at,
            by="timestamp",
        )

    @classmethod
    def found(cls, event_id: str) -> Row | None:
        """The event with that id, or None."""
        if not ObjectId.is_valid(event_id):
            return None
        row: Row | None = cls._get_collection().find_one({"_id": ObjectId(event_id)})
        return row

    @classmethod
    def of_request(cls, request_id: str) -> list[Row]:
        """What one request left in the trail, in the order it happened."""
        rows = cls._get_collection().find({"facets": f"request:{request_id}"})
        return sorted(rows.limit(MAX_TOGETHER), key=_place)


def select(
    facets: Iterable[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Selection:
    """Events with all these facets, bounded by the one that is rarest of its kind."""
    wanted = sorted(dict.fromkeys(facets), key=_turn)
    bound = {"facets": wanted[0]} if wanted else {}
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    return Selection(bound, rest, since or BEGINNING, until)


def _turn(facet: str) -> int:
    return RARITY.index(facet.partition(":")[0])


def _place(row: Row) -> tuple[datetime, ObjectId]:
    return row["timestamp"], row["_id"]
