"""People who may sign in, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    Document,
    EnumField,
    IntField,
    ListField,
    StringField,
)

from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection
from dashboard.documents.connection import database, now
from dashboard.documents.pace import Pace
from dashboard.domain.names import folded
from dashboard.domain.permissions import GRANTED, Permission, Role
from dashboard.domain.words import terms

THEMES = ("system", "light", "dark")
DENSITIES = ("comfortable", "compact")
LANGUAGES: Final = {"en": "English"}  # by their own names
LIST_FIELDS: Final = (
    *("username", "email", "full_name", "role", "is_active", "invited_at"),
    *("created_at", "last_login"),
)
FIRST_WINDOW: Final = timedelta(days=1)
PACE: Final = Pace(FIRST_WINDOW)
RARITY: Final = ("t", "state", "role")  # by which facet a list is bounded best


class State(StrEnum):
    """Whether somebody can sign in now."""

    ACTIVE = "active"
    INVITED = "invited"
    INACTIVE = "inactive"


class User(Document):
    """An account. `username` and `email` are stored in their folded, unique form.

    Who is invited has no password yet, and is not active until there is one.
    """

    username = StringField(required=True, unique=True, max_length=150)
    email = StringField(required=True, unique=True, max_length=254)
    full_name = StringField(default="", max_length=200)
    full_name_key = StringField(default="")  # folded; unique unless there is none
    hashed_password = StringField(required=True)
    role = EnumField(Role, default=Role.VIEWER)
    is_active = BooleanField(default=True)
    is_verified = BooleanField(default=False)
    time_zone = StringField(default="", max_length=64)  # "" until a browser tells
    theme = StringField(default="system", choices=THEMES)
    language = StringField(default="en", choices=tuple(LANGUAGES))
    density = StringField(default="comfortable", choices=DENSITIES)
    invited_at = DateTimeField(default=None)  # while an invitation is open
    facets = ListField(StringField())
    version = IntField(default=1)  # raised by every change an administrator makes
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)
    last_login = DateTimeField(default=None)

    meta = {
        "collection": "users",
        "auto_create_index": False,
        "indexes": [
            "role",
            ("created_at", "id"),
            ("facets", "created_at", "id"),
            {
                "fields": ["full_name_key"],
                "unique": True,
                "partialFilterExpression": {"full_name_key": {"$gt": ""}},
            },
        ],
    }

    @classmethod
    def listed(
        cls, selection: Selection, *, size: int, after: Key | None, at: datetime
    ) -> Page:
        """One page of accounts, the newest first."""
        return PACE.page(
            cls._get_collection(),
            selection,
            size=size,
            after=after,
            fields=LIST_FIELDS,
            now=at,
            by="created_at",
        )


class Guard(Document):
    """What two changes that must see each other both touch, so that one waits."""

    name = StringField(primary_key=True)
    turns = IntField(default=0)

    meta = {"collection": "guards", "auto_create_index": False}


@dataclass(frozen=True, slots=True)
class Account:
    """A user as a request needs it: cheap to build, never changed by accident."""

    id: str
    username: str
    full_name: str
    role: Role
    is_active: bool
    is_verified: bool
    time_zone: str
    theme: str
    language: str = "en"
    density: str = "comfortable"
    session_id: str = ""  # the document id of the sign-in, when there is one

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.id

    def may(self, permission: Permission) -> bool:
        """Whether the role grants it to an account that is active and verified."""
        return permission in self.permissions

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the account may do now."""
        is_good = self.is_active and self.is_verified
        return GRANTED[self.role] if is_good else frozenset()

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, session_id: str = "") -> Self:
        return cls(
            id=str(row["_id"]),
            username=row["username"],
            full_name=row.get("full_name", ""),
            role=Role(row["role"]),
            is_active=bool(row["is_active"]),
            is_verified=bool(row["is_verified"]),
            time_zone=row.get("time_zone") or "UTC",
            theme=row.get("theme", "system"),
            language=row.get("language", "en"),
            density=row.get("density", "comfortable"),
            session_id=session_id,
        )


def state_of(row: Mapping[str, Any]) -> State:
    """Whether this stored account can sign in."""
    if row["is_active"]:
        return State.ACTIVE
    return State.INVITED if row.get("invited_at") else State.INACTIVE


def select(
    facets: list[str], *, since: datetime = BEGINNING, until: datetime | None = None
) -> Selection:
    """Accounts with all these facets, added between these times."""
    wanted = sorted(facets, key=lambda name: RARITY.index(name.partition(":")[0]))
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    bound = {"facets": wanted[0]} if wanted else {}
    return Selection(bound, rest, since, until)


def derived(row: Mapping[str, Any]) -> Row:
    """What follows from the rest of an account, for lists and for unique names."""
    name = row.get("full_name", "")
    return {"full_name_key": folded(name), "facets": facets_of(row)}


def facets_of(row: Mapping[str, Any]) -> list[str]:
    """Everything a list of accounts can ask this one for."""
    shown = f"{row['username']} {row['email']} {row.get('full_name', '')}"
    words = [f"t:{word}" for word in terms(shown)]
    return [f"role:{row['role']}", f"state:{state_of(row).value}", *words]


def row_named(login: str) -> dict[str, Any] | None:
    """The stored account with that folded user name or address, or None."""
    field = "email" if "@" in login else "username"
    return database()["users"].find_one({field: str(login)})


def row_of(user_id: str) -> Row | None:
    """The stored account with that id, or None."""
    if not ObjectId.is_valid(user_id):
        return None
    return database()["users"].find_one({"_id": ObjectId(user_id)})


def is_any() -> bool:
    """Whether there is any account at all."""
    return database()["users"].find_one({}, {"_id": 1}) is not None
