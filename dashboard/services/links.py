"""Links that work once: made, looked at, spent."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now

FIRST: Final = "first-administrator"
INVITATION: Final = "invitation"


class LinkSpent(Exception):
    """The link was used, has expired, or never existed."""


def make(
    purpose: str,
    life: timedelta,
    *,
    user_id: str = "",
    session: ClientSession | None = None,
) -> str:
    """A new secret for one purpose of one account; the older ones are useless now."""
    withdraw(purpose, user_id=user_id, session=session)
    secret = secrets.token_urlsafe(32)
    at = now()
    row = {
        "_id": _digest(secret),
        "purpose": purpose,
        "user_id": user_id,
        "created_at": at,
        "expires_at": at + life,
        "used_at": None,
    }
    database()["one_time_tokens"].insert_one(row, session=session)
    return secret


def withdraw(
    purpose: str, *, user_id: str = "", session: ClientSession | None = None
) -> None:
    """Make every link for this purpose of this account useless."""
    theirs = {"purpose": purpose, "user_id": user_id}
    database()["one_time_tokens"].delete_many(theirs, session=session)


def find(secret: str, purpose: str) -> Row | None:
    """What a link stands for, as long as it would work."""
    return database()["one_time_tokens"].find_one(_good(secret, purpose))


def spend(secret: str, purpose: str, session: ClientSession) -> Row:
    """Use a link up, and return what it stands for.

    Raises `LinkSpent` if somebody was faster or it is too late.
    """
    used = {"$set": {"used_at": now()}}
    tokens = database()["one_time_tokens"]
    row = tokens.find_one(_good(secret, purpose), session=session)
    if row is None:
        raise LinkSpent
    same = {"_id": row["_id"], "used_at": None}
    if not tokens.update_one(same, used, session=session).modified_count:
        raise LinkSpent
    return row


def _good(secret: str, purpose: str) -> dict[str, Any]:
    return {
        "_id": _digest(secret),
        "purpose": purpose,
        "used_at": None,
        "expires_at": {"$gt": now()},
    }


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
