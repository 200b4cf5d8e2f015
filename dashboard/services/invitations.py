"""Inviting somebody: an account without a password, and the link that gives it one."""

from datetime import timedelta
from typing import Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import transact
from dashboard.documents.user import row_of
from dashboard.domain import names, passwords
from dashboard.domain.findings import Sentence
from dashboard.domain.permissions import Role
from dashboard.services import accounts, links
from dashboard.services.administration import NotPossible, confirm
from dashboard.services.audit import Actor, Event, record
from dashboard.services.links import INVITATION, LinkSpent

LIFE: Final = timedelta(days=7)
OPENED: Final = Sentence("This account has a password; it needs no invitation.")


def invite(*, username: str, email: str, role: Role, actor: Actor) -> tuple[str, str]:
    """Make an account nobody can use yet; return its id and the secret of its link.

    Raises `BadName`, `NotPossible`, and `DuplicateKeyError` if somebody has the name
    or address.
    """
    row = accounts.new_row(username, email, "", role)

    def work(session: ClientSession) -> str:
        confirm(actor, session)
        database()["users"].insert_one({**row, "is_active": False}, session=session)
        return _link(row, actor, session)

    return str(row["_id"]), transact(work)


def renew(user_id: ObjectId, actor: Actor) -> str:
    """A new link for somebody who has no password yet; the one before is useless."""

    def work(session: ClientSession) -> str:
        confirm(actor, session)
        row = accounts.current(user_id, session)
        if row["hashed_password"]:
            raise NotPossible(OPENED)
        return _link(row, actor, session)

    return transact(work)


def invited(secret: str) -> Row | None:
    """The account a link would open, as long as it would."""
    token = links.find(secret, INVITATION)
    row = row_of(token["user_id"]) if token else None
    return row if row and row.get("invited_at") else None


def accept(secret: str, *, full_name: str, password: str, actor: Actor) -> Row:
    """Give an invited account its name and password; return it.

    Raises `WeakPassword`, `LinkSpent` unless the link is good, and `DuplicateKeyError`
    if somebody else has the full name; the link still works then. Two requests at
    once with one link are one that is accepted.
    """
    passwords.check(password)
    fields = {
        "full_name": names.shown(full_name)[: accounts.MAX_FULL_NAME],
        "hashed_password": passwords.hashed(password),
        "is_active": True,
        "invited_at": None,
    }

    def work(session: ClientSession) -> Row:
        user_id = links.spend(secret, INVITATION, session)["user_id"]
        row = accounts.current(ObjectId(user_id), session)
        if not row.get("invited_at"):
            raise LinkSpent
        accounts.change(row, fields, session)
        who = Actor(
            row["username"],
            user_id,
            actor.ip_address,
            actor.user_agent,
            actor.request_id,
        )
        of = ("account", user_id)
        record(Event.INVITATION_ACCEPTED, who, of=of, session=session)
        return {**row, **fields}

    return transact(work)


def _link(row: Row, actor: Actor, session: ClientSession) -> str:
    user_id = str(row["_id"])
    present = accounts.current(row["_id"], session)
    accounts.change(present, {"invited_at": now()}, session)
    record(
        Event.INVITED,
        actor,
        of=("account", user_id),
        metadata={"username": row["username"], "role": row["role"]},
        session=session,
    )
    return links.make(INVITATION, LIFE, user_id=user_id, session=session)
