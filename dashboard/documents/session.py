"""Sign-in sessions: who is signed in, from where, until when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from mongoengine import BooleanField, DateTimeField, Document, ListField, StringField

from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection
from dashboard.documents.connection import database, now
from dashboard.documents.pace import WHOLE, Pace
from dashboard.domain.devices import device
from dashboard.domain.words import terms

LIST_FIELDS: Final = (
    *("user_id", "username", "ip_address", "user_agent", "method", "created_at"),
    *("expires_at", "last_seen", "active", "ended_at", "ended_by", "ended_why"),
)
PACE: Final = Pace(timedelta(hours=1))
ALL: Final = Pace(WHOLE)  # of what one person has few at a time
RARITY: Final = ("live", "ended", "who", "t", "state")  # what bounds a list best


class PersistentSession(Document):
    """A sign-in. Only a hash of its id is stored: a stolen database signs nobody in."""

    session_id = StringField(required=True, unique=True)  # SHA-256 of the real id
    user_id = StringField(required=True)
    username = StringField(default="")
    ip_address = StringField(default="")  # where it was last seen
    user_agent = StringField(default="", max_length=400)
    method = StringField(default="password")  # what it was begun with
    created_at = DateTimeField(required=True, default=now)
    expires_at = DateTimeField(required=True)
    last_seen = DateTimeField(required=True, default=now)
    active = BooleanField(default=True)
    ended_at = DateTimeField(default=None)
    ended_by = StringField(default="")
    ended_why = StringField(default="")
    facets = ListField(StringField())

    meta = {
        "collection": "persistent_sessions",
        "auto_create_index": False,
        "indexes": [
            ("user_id", "expires_at"),
            "expires_at",
            ("created_at", "id"),
            ("ended_at", "id"),
            ("facets", "created_at", "id"),
            ("facets", "ended_at", "id"),
        ],
    }

    @classmethod
    def listed(
        cls,
        selection: Selection,
        *,
        by: str,
        size: int,
        after: Key | None,
        at: datetime,
    ) -> Page:
        """One page of sessions, newest first by one of their times."""
        is_few = selection.bound["facets"].startswith("live:")
        return (ALL if is_few else PACE).page(
            cls._get_collection(),
            selection,
            size=size,
            after=after,
            fields=LIST_FIELDS,
            now=at,
            by=by,
        )

    @classmethod
    def of_id(cls, session_id: str) -> Row | None:
        """The stored session with that document id, or None."""
        if not ObjectId.is_valid(session_id):
            return None
        return database()["persistent_sessions"].find_one({"_id": ObjectId(session_id)})


def live(
    facets: list[str], at: datetime, idle: timedelta, dates: Mapping[str, datetime]
) -> Selection:
    """Sessions that sign somebody in now; listed by `created_at`."""
    current = {"expires_at": {"$gt": at}, "last_seen": {"$gt": at - idle}}
    selection = _bounded([*facets, "state:live"], dates)
    return replace(selection, rest={**selection.rest, **current})


def ended(facets: list[str], dates: Mapping[str, datetime]) -> Selection:
    """Sessions that are over; listed by `ended_at`."""
    return _bounded([*facets, "state:ended"], dates)


def live_of(user_id: str) -> str:
    """The facet of the live sessions of one account."""
    return f"live:{user_id}"


def ended_of(user_id: str) -> str:
    """The facet of the sessions of one account that are over."""
    return f"ended:{user_id}"


def facets_of(row: Mapping[str, Any]) -> list[str]:
    """Everything a list of sessions can ask this one for.

    Whose it is stands together with whether it lives: a list of somebody's live
    sessions then costs nothing for all they had before.
    """
    state = "live" if row["active"] else "ended"
    known = device(row["user_agent"])
    who = row.get("username", "")
    shown = " ".join((who, row["ip_address"], known.browser, known.system))
    words = [f"t:{word}" for word in terms(shown)]
    return [f"{state}:{row['user_id']}", f"state:{state}", f"who:{who}", *words]


def _bounded(facets: list[str], dates: Mapping[str, datetime]) -> Selection:
    wanted = sorted(facets, key=lambda name: RARITY.index(name.partition(":")[0]))
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    since, until = dates.get("since", BEGINNING), dates.get("until")
    return Selection({"facets": wanted[0]}, rest, since, until)
