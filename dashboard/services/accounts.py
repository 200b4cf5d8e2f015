"""Accounts: the first administrator, and who a name and a password belong to."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.connection import database, now
from dashboard.documents.transactions import transact
from dashboard.documents.user import THEMES, Account, is_any, row_named
from dashboard.domain import names, passwords
from dashboard.domain.permissions import Role
from dashboard.services.audit import COMMAND, Actor, Event, record

FIRST_LINK: Final = "first-administrator"
FIRST_LINK_LIFE: Final = timedelta(hours=24)

# Verified for names nobody has, so that they take as long as those somebody has.
_NOBODY: Final = passwords.hashed(secrets.token_urlsafe(32))


class LinkSpent(Exception):
    """The link was used, has expired, or never existed."""


def authenticate(login: str, password: str) -> Account | None:
    """The active account with this name and password, or None for any other reason."""
    row = row_named(names.folded(login))
    stored = row["hashed_password"] if row else _NOBODY
    is_right = passwords.matches(stored, password)
    if row is None or not is_right or not row["is_active"]:
        return None
    return Account.from_row(row)


def create(
    *,
    username: str,
    email: str,
    full_name: str,
    password: str,
    role: Role,
    actor: Actor,
    session: ClientSession | None = None,
) -> ObjectId:
    """Create an account; raise `BadName`, `WeakPassword` or `DuplicateKeyError`."""
    passwords.check(password)
    row = _new_row(names.username(username), names.email(email), full_name, role)
    row["hashed_password"] = passwords.hashed(password)
    database()["users"].insert_one(row, session=session)
    record(
        Event.ACCOUNT_CREATED,
        actor,
        of=("account", row["_id"]),
        metadata={"username": row["username"], "role": role.value},
        session=session,
    )
    created: ObjectId = row["_id"]
    return created


def choose_theme(account: Account, theme: str, actor: Actor) -> None:
    """Keep the theme an account wants; anything unknown means the system's."""
    chosen = theme if theme in THEMES else "system"
    user = {"_id": ObjectId(account.id)}
    database()["users"].update_one(user, {"$set": {"theme": chosen}})
    changes = {"before": account.theme, "after": chosen}
    of = ("account", account.id)
    record(Event.ACCOUNT_CHANGED, actor, of=of, metadata={"theme": changes})


def new_first_link() -> str | None:
    """A secret that creates the first administrator once, or None if users exist.

    A newer secret makes the older ones useless.
    """
    if is_any():
        return None
    secret = secrets.token_urlsafe(32)
    tokens = database()["one_time_tokens"]
    tokens.delete_many({"purpose": FIRST_LINK})
    tokens.insert_one(
        {
            "_id": _digest(secret),
            "purpose": FIRST_LINK,
            "created_at": now(),
            "expires_at": now() + FIRST_LINK_LIFE,
            "used_at": None,
        }
    )
    record(Event.FIRST_LINK, COMMAND, description="Link for the first administrator")
    return secret


def is_first_link(secret: str) -> bool:
    """Whether the secret would still create the first administrator."""
    token = database()["one_time_tokens"].find_one({"_id": _digest(secret)})
    return token is not None and _is_good(token) and not is_any()


def create_first(
    secret: str, *, username: str, email: str, full_name: str, password: str
) -> ObjectId:
    """Create the first administrator; raise `LinkSpent` unless the secret is good.

    Two requests at once with one secret create one administrator.
    """
    passwords.check(password)
    names.username(username)
    names.email(email)

    def work(session: ClientSession) -> ObjectId | None:
        used = {"$set": {"used_at": now()}}
        good = {"_id": _digest(secret), "purpose": FIRST_LINK, "used_at": None}
        tokens = database()["one_time_tokens"]
        if not tokens.update_one(good, used, session=session).modified_count:
            return None
        return create(
            username=username,
            email=email,
            full_name=full_name,
            password=password,
            role=Role.ADMIN,
            actor=Actor("first administrator link"),
            session=session,
        )

    created = transact(work) if is_first_link(secret) else None
    if created is None:
        raise LinkSpent
    return created


def _is_good(token: dict[str, Any]) -> bool:
    is_unused = token["used_at"] is None and token["expires_at"] > now()
    return is_unused and token["purpose"] == FIRST_LINK


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _new_row(username: str, email: str, full_name: str, role: Role) -> dict[str, Any]:
    at = now()
    return {
        "_id": ObjectId(),
        "username": username,
        "email": email,
        "full_name": full_name.strip()[:200],
        "hashed_password": "",
        "role": role.value,
        "is_active": True,
        "is_verified": True,
        "time_zone": "",
        "theme": "system",
        "created_at": at,
        "updated_at": at,
        "last_login": None,
    }
