"""What people change about their own account."""

from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents.transactions import transact
from dashboard.documents.user import DENSITIES, LANGUAGES, THEMES, Account, row_of
from dashboard.domain import names, passwords
from dashboard.services import sessions
from dashboard.services.accounts import MAX_FULL_NAME, change, current
from dashboard.services.audit import Actor, Event, changes, record
from dashboard.services.sessions import time_zones

PASSWORD_CHANGED: Final = "the password was changed"  # noqa: S105 - a reason


class WrongPassword(ValueError):
    """The current password is another one."""


def keep(
    account: Account,
    actor: Actor,
    *,
    full_name: str,
    time_zone: str,
    theme: str,
    language: str,
    density: str,
) -> None:
    """Keep how somebody wants to be called and to see the pages.

    Raises `ValueError` for a choice there is not, and `DuplicateKeyError` if somebody
    else has the full name.
    """
    chosen = (
        (theme, THEMES),
        (language, LANGUAGES),
        (density, DENSITIES),
        (time_zone, time_zones()),
    )
    for value, known in chosen:
        if value not in known:
            raise ValueError(value)
    wanted: dict[str, Any] = {
        "full_name": names.shown(full_name)[:MAX_FULL_NAME],
        "time_zone": time_zone,
        "theme": theme,
        "language": language,
        "density": density,
    }

    def work(session: ClientSession) -> None:
        row = current(ObjectId(account.id), session)
        became = changes({name: row.get(name) for name in wanted}, wanted)
        if became:
            change(row, wanted, session)
            of, told = ("account", account.id), {"changes": became}
            record(Event.ACCOUNT_CHANGED, actor, of=of, metadata=told, session=session)

    transact(work)


def change_password(account: Account, actor: Actor, *, known: str, wanted: str) -> None:
    """Change somebody's password and end their other sessions.

    Raises `WeakPassword`, and `WrongPassword` unless the current one is known. Two
    at once from the same password are one that is kept.
    """
    passwords.check(wanted)
    of = ("account", account.id)
    row = row_of(account.id)
    stored = row["hashed_password"] if row else ""
    if not passwords.matches(stored, known):
        record(Event.PASSWORD_REFUSED, actor, of=of)
        raise WrongPassword
    fields = {"hashed_password": passwords.hashed(wanted)}

    def work(session: ClientSession) -> None:
        row = current(ObjectId(account.id), session)
        if row["hashed_password"] != stored:
            raise WrongPassword
        change(row, fields, session)
        sessions.end_all(
            account.id, actor, session, why=PASSWORD_CHANGED, kept=account.session_id
        )
        record(Event.PASSWORD_CHANGED, actor, of=of, session=session)

    transact(work)
