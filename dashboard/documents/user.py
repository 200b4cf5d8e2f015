"""People who may sign in, and what they may do."""

from typing import Any, Self

from mongoengine import BooleanField, DateTimeField, Document, EnumField, StringField

from dashboard.documents.connection import now
from dashboard.domain.permissions import Permission, Role


class User(Document):
    """An account. `username` and `email` are stored in their folded, unique form."""

    username = StringField(required=True, unique=True, max_length=150)
    email = StringField(required=True, unique=True, max_length=254)
    full_name = StringField(default="", max_length=200)
    hashed_password = StringField(required=True)
    role = EnumField(Role, default=Role.VIEWER)
    is_active = BooleanField(default=True)
    is_verified = BooleanField(default=False)
    time_zone = StringField(default="UTC", max_length=64)
    theme = StringField(default="system", choices=("system", "light", "dark"))
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)
    last_login = DateTimeField(default=None)

    meta = {"collection": "users", "auto_create_index": False, "indexes": ["role"]}

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    def may(self, permission: Permission) -> bool:
        """Whether the role grants the permission."""
        return self.is_active and permission in self.role.permissions

    @classmethod
    def named(cls, login: str) -> Self | None:
        """The account with that folded user name or address, or None."""
        field = "email" if "@" in login else "username"
        found: Self | None = cls.objects(__raw__={field: str(login)}).first()
        return found

    @classmethod
    def exists(cls) -> bool:
        """Whether there is any account at all."""
        return cls._get_collection().find_one({}, {"_id": 1}) is not None

    @classmethod
    def names_of(cls, ids: list[Any]) -> dict[str, str]:
        """User names by the string form of their id."""
        rows = cls._get_collection().find({"_id": {"$in": ids}}, {"username": 1})
        return {str(row["_id"]): row["username"] for row in rows}
