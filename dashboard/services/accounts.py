"""Accounts: the first administrator, and who a name and a password belong to."""

import secrets
from datetime import timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered, transact
from dashboard.documents.user import THEMES, Account, derived, is_any, row_named
from dashboard.domain import names, passwords
from dashboard.domain.findings import Sentence
from dashboard.domain.permissions import Role
from dashboard.services import links
from dashboard.services.audit import COMMAND, Actor, Event, record
from dashboard.services.links import LinkSpent

FIRST_LINK_LIFE: Final = timedelta(hours=24)
MAX_FULL_NAME: Final = 200

# Verified for names nobody has, so that they take as long as those somebody has.
_NOBODY: Final = passwords.unmatched(secrets.token_bytes(48))


class Edited(Exception):
    """Somebody else changed the account since it was read."""


def authenticate(login: str, password: str) -> Account | None:
    """The active account with this name and password, or None for any other reason."""
    row = row_named(names.folded(login))
    stored = (row and row["hashed_password"]) or _NOBODY  # who is invited has none
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
    row = new_row(username, email, full_name, role)
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
    secret = links.make(links.FIRST, FIRST_LINK_LIFE)
    record(Event.FIRST_LINK, COMMAND, description="Link for the first administrator")
    return secret


def is_first_link(secret: str) -> bool:
    """Whether the secret would still create the first administrator."""
    return links.find(secret, links.FIRST) is not None and not is_any()


def create_first(
    secret: str,
    *,
    username: str,
    email: str,
    full_name: str,
    password: str,
    actor: Actor,
) -> ObjectId:
    """Create the first administrator; raise `LinkSpent` unless the secret is good.

    Two requests at once with one secret create one administrator.
    """
    passwords.check(password)
    names.username(username)
    names.email(email)

    def work(session: ClientSession) -> ObjectId:
        links.spend(secret, links.FIRST, session)
        return create(
            username=username,
            email=email,
            full_name=full_name,
            password=password,
            role=Role.ADMIN,
            actor=actor,
            session=session,
        )

    if not is_first_link(secret):
        raise LinkSpent
    return transact(work)


def new_row(username: str, email: str, full_name: str, role: Role) -> Row:
    """An account as it is stored first, without a password; may raise `BadName`."""
    at = now()
    row: Row = {
        "_id": ObjectId(),
        "username": names.username(username),
        "email": names.email(email),
        "full_name": names.shown(full_name)[:MAX_FULL_NAME],
        "hashed_password": "",
        "role": role.value,
        "is_active": True,
        "is_verified": True,
        "time_zone": "",
        "theme": "system",
        "language": "en",
        "density": "comfortable",
        "invited_at": None,
        "version": 1,
        "created_at": at,
        "updated_at": at,
        "last_login": None,
    }
    return row | derived(row)


def current(
    user_id: ObjectId, session: ClientSession, version: int | None = None
) -> Row:
    """The account as this transaction sees it.

    Raises `Edited` if it is no longer at that version, which a form was made from.
    """
    row = database()["users"].find_one({"_id": user_id}, session=session)
    if row is None or version not in (None, row.get("version", 1)):
        raise Edited(
            Sentence("Somebody changed this account meanwhile. Look at it again.")
        )
    return row


def change(row: Row, fields: dict[str, Any], session: ClientSession) -> None:
    """Change a row that `current` gave, in the same transaction.

    Raises `DuplicateKeyError` if somebody else has the address or the full name.
    """
    changed = {
        **fields,
        **derived({**row, **fields}),
        "updated_at": now(),
        "version": row.get("version", 1) + 1,
    }
    same = {"_id": row["_id"], "version": row.get("version")}
    found = database()["users"].update_one(same, {"$set": changed}, session=session)
    if not found.modified_count:
        raise Interfered
