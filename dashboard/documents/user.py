"""People who may sign in, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bson import ObjectId
from mongoengine import BooleanField, DateTimeField, Document, EnumField, StringField

from dashboard.documents.connection import database, now
from dashboard.domain.permissions import GRANTED, Permission, Role

THEMES = ("system", "light", "dark")


class User(Document):
    """An account. `username` and `email` are stored in their folded, unique form."""

    username = StringField(required=True, unique=True, max_length=150)
    email = StringField(required=True, unique=True, max_length=254)
    full_name = StringField(default="", max_length=200)
    hashed_password = StringField(required=True)
    role = EnumField(Role, default=Role.VIEWER)
    is_active = BooleanField(default=True)
    is_verified = BooleanField(default=False)
    time_zone = StringField(default="", max_length=64)  # "" until a browser tells
    theme = StringField(default="system", choices=THEMES)
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)
    last_login = DateTimeField(default=None)

    meta = {"collection": "users", "auto_create_index": False, "indexes": ["role"]}


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
    session_id: str = ""  # the document id of the sign-in, when there is one

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.id

    def may(self, permission: Permission) -> bool:
        """Whether the role grants it to an account that is active and verified."""
        is_good = self.is_active and self.is_verified
        return is_good and permission in GRANTED[self.role]

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
            session_id=session_id,
        )


def row_named(login: str) -> dict[str, Any] | None:
    """The stored account with that folded user name or address, or None."""
    field = "email" if "@" in login else "username"
    return database()["users"].find_one({field: str(login)})


def row_of(user_id: str) -> dict[str, Any] | None:
    """The stored account with that id, or None."""
    return database()["users"].find_one({"_id": ObjectId(user_id)})


def is_any() -> bool:
    """Whether there is any account at all."""
    return database()["users"].find_one({}, {"_id": 1}) is not None
