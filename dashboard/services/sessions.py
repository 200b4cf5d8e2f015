"""Sign-in sessions: begun, resolved at every request, ended at once everywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bson import ObjectId

from dashboard.documents.connection import database, insert_once, now
from dashboard.documents.user import Account, row_of
from dashboard.services.audit import Actor, Event, record

SEEN_EVERY: Final = timedelta(minutes=1)
MAX_AGENT: Final = 400


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts, at most and unused."""

    absolute: timedelta
    idle: timedelta


def begin(
    account: Account, actor: Actor, *, lifetimes: Lifetimes, time_zone: str = ""
) -> str:
    """Sign somebody in; return the secret that only their browser will know."""
    secret = secrets.token_urlsafe(32)
    at = now()
    session_id = ObjectId()
    insert_once(
        "persistent_sessions",
        {
            "_id": session_id,
            "session_id": _digest(secret),
            "user_id": account.id,
            "ip_address": actor.ip_address,
            "user_agent": actor.user_agent[:MAX_AGENT],
            "created_at": at,
            "expires_at": at + lifetimes.absolute,
            "last_seen": at,
            "active": True,
            "ended_at": None,
            "ended_by": "",
            "ended_why": "",
        },
    )
    changes: dict[str, datetime | str] = {"last_login": at}
    if time_zone in _time_zones():
        changes["time_zone"] = time_zone
    database()["users"].update_one({"_id": ObjectId(account.id)}, {"$set": changes})
    record(Event.SIGN_IN, actor, of=("session", session_id))
    return secret


def resolve(secret: str, lifetimes: Lifetimes) -> Account | None:
    """Who the secret signs in now, or None. Two reads; a write once a minute."""
    row = database()["persistent_sessions"].find_one({"session_id": _digest(secret)})
    at = now()
    if row is None or not row["active"] or row["expires_at"] <= at:
        return None
    if row["last_seen"] + lifetimes.idle <= at:
        return None
    user = row_of(row["user_id"])
    if user is None or not user["is_active"]:
        return None
    if row["last_seen"] + SEEN_EVERY <= at:
        seen = {"$set": {"last_seen": at}}
        database()["persistent_sessions"].update_one({"_id": row["_id"]}, seen)
    return Account.from_row(user, session_id=str(row["_id"]))


def end(account: Account, actor: Actor, *, why: str) -> None:
    """End the session this account is signed in with. Ending twice is ending once."""
    ended = {
        "active": False,
        "ended_at": now(),
        "ended_by": actor.name,
        "ended_why": why,
    }
    running = {"_id": ObjectId(account.session_id), "active": True}
    found = database()["persistent_sessions"].update_one(running, {"$set": ended})
    if found.modified_count:
        record(Event.SIGN_OUT, actor, of=("session", account.session_id))


def refuse(actor: Actor, *, why: str) -> None:
    """Note a sign-in that failed. The name tried is kept, the password never."""
    record(Event.SIGN_IN_FAILED, actor, description=why)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # walks through hundreds of files
