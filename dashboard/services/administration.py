"""What administrators change about the accounts of others."""

from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database
from dashboard.documents.transactions import Interfered, transact
from dashboard.documents.user import Account, State, state_of
from dashboard.domain import names
from dashboard.domain.findings import Sentence
from dashboard.domain.permissions import Permission, Role
from dashboard.services import links, sessions
from dashboard.services.accounts import MAX_FULL_NAME, change, current
from dashboard.services.audit import Actor, Event, changes, record

ADMINISTRATORS: Final = "administrators"
MAX_REASON: Final = 400

LAST: Final = Sentence(
    "This is the last administrator who can sign in. Make another one first."
)
DEMOTED: Final = Sentence("You may not look after accounts any more.")
OPENED: Final = Sentence(
    "Somebody has used this account, so it can only be deactivated."
    " What they did goes on naming them, and nobody else gets their"
    " user name."
)
UNOPENED: Final = Sentence(
    "This account has no password yet. Make a new invitation link."
)
DEACTIVATED: Final = "the account was deactivated"


class NotPossible(Exception):
    """The account is not in a state that allows this; the text says why."""


class LastAdministrator(NotPossible):
    """Nobody would be left who can look after accounts."""


def edit(
    user_id: ObjectId,
    actor: Actor,
    *,
    email: str,
    full_name: str,
    role: Role,
    reason: str,
    version: int,
) -> None:
    """Change address, name and role; in force at the next request.

    Raises `BadName`, `DuplicateKeyError`, `Edited` and `LastAdministrator`.
    """
    wanted: dict[str, Any] = {
        "email": names.email(email),
        "full_name": names.shown(full_name)[:MAX_FULL_NAME],
        "role": role.value,
    }

    def work(session: ClientSession) -> None:
        confirm(actor, session)
        row = current(user_id, session, version)
        became = changes({name: row.get(name) for name in wanted}, wanted)
        if not became:
            return
        if "role" in became:
            _keep_an_administrator(row, session)
        change(row, wanted, session)
        event = Event.ROLE_CHANGED if "role" in became else Event.ACCOUNT_CHANGED
        _told(event, actor, row, reason, session, changes=became)

    _prepare_guard()
    transact(work)


def deactivate(user_id: ObjectId, actor: Actor, *, reason: str, version: int) -> None:
    """Shut somebody out at once, everywhere; an open invitation is withdrawn.

    Raises `Edited`, `LastAdministrator`, and `NotPossible` if it has been done.
    """

    def work(session: ClientSession) -> None:
        confirm(actor, session)
        row = current(user_id, session, version)
        was = state_of(row)
        if was is State.INACTIVE:
            raise NotPossible(Sentence("This account is not active."))
        _keep_an_administrator(row, session)
        change(row, {"is_active": False, "invited_at": None}, session)
        links.withdraw(links.INVITATION, user_id=str(user_id), session=session)
        sessions.end_all(str(user_id), actor, session, why=DEACTIVATED)
        is_invited = was is State.INVITED
        withdrawn, ended = Event.INVITATION_WITHDRAWN, Event.ACCOUNT_DEACTIVATED
        _told(withdrawn if is_invited else ended, actor, row, reason, session)

    _prepare_guard()
    transact(work)


def reactivate(user_id: ObjectId, actor: Actor, *, reason: str, version: int) -> None:
    """Let somebody sign in again. Raises `Edited` and `NotPossible`."""

    def work(session: ClientSession) -> None:
        confirm(actor, session)
        row = current(user_id, session, version)
        if not row["hashed_password"]:
            raise NotPossible(UNOPENED)
        if row["is_active"]:
            raise NotPossible(Sentence("This account is active."))
        change(row, {"is_active": True, "is_verified": True}, session)
        _told(Event.ACCOUNT_REACTIVATED, actor, row, reason, session)

    transact(work)


def remove(user_id: ObjectId, actor: Actor, *, reason: str, version: int) -> None:
    """Delete an account that was never opened; its names are free again.

    Whoever judges, owns or hands in anything has signed in, so has had a password,
    which an account never loses: that there is none says that it did nothing.

    Raises `Edited`, and `NotPossible` for any other.
    """
    theirs = {"user_id": str(user_id)}

    def work(session: ClientSession) -> None:
        confirm(actor, session)
        row = current(user_id, session, version)
        if row["hashed_password"]:
            raise NotPossible(OPENED)
        same = {"_id": user_id, "version": row.get("version"), "hashed_password": ""}
        if not database()["users"].delete_one(same, session=session).deleted_count:
            raise Interfered
        database()["one_time_tokens"].delete_many(theirs, session=session)
        _told(Event.ACCOUNT_DELETED, actor, row, reason, session)

    transact(work)


def confirm(actor: Actor, session: ClientSession) -> None:
    """Raise `NotPossible` unless whoever acts may do so at this moment.

    The role may have changed since their request began. Commands have no account.
    """
    if not actor.user_id:
        return
    mine = {"_id": ObjectId(actor.user_id)}
    row = database()["users"].find_one(mine, session=session)
    if row is None or not row["is_active"]:
        raise NotPossible(DEMOTED)
    if not Account.from_row(row).may(Permission.MANAGE_USERS):
        raise NotPossible(DEMOTED)


def _keep_an_administrator(leaving: Row, session: ClientSession) -> None:
    """Raise `LastAdministrator` if nobody else could do this work.

    Every such change touches one shared document, so that of two at once the second
    begins anew and sees what the first has done.
    """
    if leaving["role"] != Role.ADMIN or not leaving["is_active"]:
        return
    guard, turn = {"_id": ADMINISTRATORS}, {"$inc": {"turns": 1}}
    database()["guards"].update_one(guard, turn, session=session)
    others = {
        "role": Role.ADMIN.value,
        "is_active": True,
        "is_verified": True,
        "_id": {"$ne": leaving["_id"]},
    }
    if database()["users"].find_one(others, {"_id": 1}, session=session) is None:
        raise LastAdministrator(LAST)


def _prepare_guard() -> None:
    """Make the shared document; within a transaction two could make it at once."""
    first = {"$setOnInsert": {"turns": 0}}
    database()["guards"].update_one({"_id": ADMINISTRATORS}, first, upsert=True)


def _told(
    event: Event,
    actor: Actor,
    row: Row,
    reason: str,
    session: ClientSession,
    **metadata: Any,
) -> None:
    record(
        event,
        actor,
        of=("account", row["_id"]),
        description=reason[:MAX_REASON],
        metadata={"username": row["username"], **metadata},
        session=session,
    )
