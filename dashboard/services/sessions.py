"""Sign-in sessions: begun, resolved at every request, ended at once everywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, insert_once, now
from dashboard.documents.session import PersistentSession, facets_of
from dashboard.documents.transactions import transact
from dashboard.documents.user import Account, row_of
from dashboard.domain.networks import AddressPolicy, may_move
from dashboard.services.audit import Actor, Event, record

SEEN_EVERY: Final = timedelta(minutes=1)
MAX_AGENT: Final = 400
MAX_WHY: Final = 200
SWEEP_LIMIT: Final = 500

# Who ends what nobody ends.
PRODUCT: Final = Actor("PhishNet")

# Why sessions end; looked up in the catalogue where they are shown.
OVER: Final = "its time was over"
UNUSED: Final = "not used for too long"
OTHER_BROWSER: Final = "used with another browser"
OTHER_ADDRESS: Final = "used from another address"
REVOKED: Final = "revoked"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts, at most and unused."""

    absolute: timedelta
    idle: timedelta


def begin(
    account: Account,
    actor: Actor,
    *,
    lifetimes: Lifetimes,
    time_zone: str = "",
    method: str = "password",
) -> str:
    """Sign somebody in; return the secret that only their browser will know."""
    secret = secrets.token_urlsafe(32)
    at = now()
    row: Row = {
        "_id": ObjectId(),
        "session_id": _digest(secret),
        "user_id": account.id,
        "username": account.username,
        "ip_address": actor.ip_address,
        "user_agent": actor.user_agent[:MAX_AGENT],
        "method": method,
        "created_at": at,
        "expires_at": at + lifetimes.absolute,
        "last_seen": at,
        "active": True,
        "ended_at": None,
        "ended_by": "",
        "ended_why": "",
    }
    row["facets"] = facets_of(row)
    insert_once("persistent_sessions", row)
    user = {"_id": ObjectId(account.id)}
    database()["users"].update_one(user, {"$set": {"last_login": at}})
    if time_zone in time_zones():
        unknown = {**user, "time_zone": {"$in": ["", None]}}
        database()["users"].update_one(unknown, {"$set": {"time_zone": time_zone}})
    record(Event.SIGN_IN, actor, of=("session", row["_id"]))
    return secret


def resolve(
    secret: str, origin: Actor, lifetimes: Lifetimes, policy: AddressPolicy
) -> Account | None:
    """Who the secret signs in now, or None. Two reads; a write once a minute.

    A secret that comes from another browser, or from further away than the policy
    allows, has been stolen: its session ends.
    """
    row = database()["persistent_sessions"].find_one({"session_id": _digest(secret)})
    at = now()
    if row is None or not row["active"]:
        return None
    if why := _too_late(row, at, lifetimes):
        _end(row, PRODUCT, why, Event.SESSION_EXPIRED)
        return None
    if why := _stolen(row, origin, policy):
        _end(row, origin, why, Event.SESSION_REFUSED)
        return None
    user = row_of(row["user_id"])
    if user is None or not user["is_active"]:
        return None
    if row["last_seen"] + SEEN_EVERY <= at:
        _see(row, origin, at)
    return Account.from_row(user, session_id=str(row["_id"]))


def end(account: Account, actor: Actor, *, why: str) -> None:
    """End the session this account is signed in with. Ending twice is ending once."""
    if row := PersistentSession.of_id(account.session_id):
        _end(row, actor, why, Event.SIGN_OUT)


def revoke(row: Row, actor: Actor, *, why: str = REVOKED) -> bool:
    """End one session; whether it was still running."""
    return _end(row, actor, why, Event.SESSION_ENDED)


def revoke_others(account: Account, actor: Actor) -> int:
    """End every session of an account but the one it acts in; how many."""

    def work(session: ClientSession) -> int:
        kept = account.session_id
        return end_all(account.id, actor, session, why=REVOKED, kept=kept)

    return transact(work)


def revoke_all(user_id: str, actor: Actor, *, why: str) -> int:
    """End every session of an account; how many."""
    return transact(lambda session: end_all(user_id, actor, session, why=why))


def end_all(
    user_id: str, actor: Actor, session: ClientSession, *, why: str, kept: str = ""
) -> int:
    """End the sessions of an account, but one, in the caller's transaction."""
    running = {"user_id": user_id, "active": True}
    rows = list(database()["persistent_sessions"].find(running, session=session))
    ending = (row for row in rows if str(row["_id"]) != kept)
    told = Event.SESSION_ENDED
    return sum([_finish(row, actor, why, told, session) for row in ending])


def sweep(lifetimes: Lifetimes) -> int:
    """Mark sessions whose time is over as ended; how many."""
    at = now()
    over = {
        "$or": [
            {"expires_at": {"$lte": at}},
            {"last_seen": {"$lte": at - lifetimes.idle}},
        ]
    }
    live = {"facets": "state:live", **over}
    rows = list(database()["persistent_sessions"].find(live).limit(SWEEP_LIMIT))
    for row in rows:
        why = _too_late(row, at, lifetimes)
        _end(row, PRODUCT, why, Event.SESSION_EXPIRED)
    return len(rows)


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; walks through hundreds of files, so once."""
    return frozenset(available_timezones())


def refuse(actor: Actor, *, why: str) -> None:
    """Note a sign-in that failed. The name tried is kept, the password never."""
    record(Event.SIGN_IN_FAILED, actor, description=why)


def _too_late(row: Row, at: datetime, lifetimes: Lifetimes) -> str:
    if row["expires_at"] <= at:
        return OVER
    return UNUSED if row["last_seen"] + lifetimes.idle <= at else ""


def _stolen(row: Row, origin: Actor, policy: AddressPolicy) -> str:
    if row["user_agent"] != origin.user_agent[:MAX_AGENT]:
        return OTHER_BROWSER
    is_near = may_move(policy, row["ip_address"], origin.ip_address)
    return "" if is_near else OTHER_ADDRESS


def _see(row: Row, origin: Actor, at: datetime) -> None:
    """Note when, and from where, a session was used."""
    seen: dict[str, Any] = {"last_seen": at}
    if row["ip_address"] != origin.ip_address:
        moved = {**row, "ip_address": origin.ip_address}
        seen |= {"ip_address": origin.ip_address, "facets": facets_of(moved)}
    running = {"_id": row["_id"], "active": True}
    found = database()["persistent_sessions"].update_one(running, {"$set": seen})
    if found.modified_count and "ip_address" in seen:
        record(
            Event.SESSION_MOVED,
            Actor(row.get("username", ""), row["user_id"], origin.ip_address),
            of=("session", row["_id"]),
            metadata={
                "address": {"before": row["ip_address"], "after": origin.ip_address}
            },
        )


def _end(row: Row, actor: Actor, why: str, event: Event) -> bool:
    return transact(lambda session: _finish(row, actor, why, event, session))


def _finish(
    row: Row, actor: Actor, why: str, event: Event, session: ClientSession
) -> bool:
    """Mark one session as ended and say so in the trail, unless somebody did."""
    ended: dict[str, Any] = {
        "active": False,
        "ended_at": now(),
        "ended_by": actor.name,
        "ended_why": why[:MAX_WHY],
    }
    ended["facets"] = facets_of({**row, **ended})
    running = {"_id": row["_id"], "active": True}
    sessions = database()["persistent_sessions"]
    found = sessions.update_one(running, {"$set": ended}, session=session)
    if not found.modified_count:
        return False
    whose = {"account": row.get("username", ""), "user_id": row["user_id"]}
    of = ("session", row["_id"])
    record(event, actor, of=of, description=why, metadata=whose, session=session)
    return True


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
