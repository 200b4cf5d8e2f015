"""What the organisation says of itself: read by whoever judges, changed by managers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.organisation import THE_ONE, Organisation
from dashboard.documents.transactions import Interfered, transact
from dashboard.domain.context import Context
from dashboard.domain.findings import Sentence
from dashboard.domain.organisation import (
    Field,
    NotAccepted,
    context_of,
    entries,
    written,
)
from dashboard.services.audit import Actor, Event, changes, record

FRESH_SECONDS: Final = 5.0  # that a worker goes by what it read last
KEPT_CHANGES: Final = 10  # told to those whose writing they overtook

Said = Mapping[Field, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What people said on the page; a field that is not there was left untouched."""

    said: Said = field(default_factory=dict)
    version: int = 0  # nobody ever said anything
    changed_at: datetime | None = None
    changed_by: str = ""
    history: tuple[Row, ...] = ()  # the last changes, oldest first

    def since(self, version: int) -> tuple[Row, ...]:
        """The changes after a version: version, at, by, and changes by field."""
        return tuple(each for each in self.history if each["version"] > version)

    def context(self, servers: Context) -> Context:
        """The context to judge by, given what the settings of the server say."""
        return context_of(self.said, servers, self.version)

    def entries(self, servers: Context) -> dict[Field, tuple[str, ...]]:
        """What is in force, field by field."""
        return {**written(servers), **self.said}


class Changed(Exception):
    """Somebody else saved other settings since these were read."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Somebody else saved other settings while you were writing.")
        )


class _Lately:
    """What this process read last, and when."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self.until = 0.0


_lately = _Lately()


def known() -> Settings:
    """The settings as they are stored now."""
    row = Organisation.known()
    return _settings(row) if row else Settings()


def current(servers: Context) -> Context:
    """The context to judge by, at most a few seconds old."""
    if _lately.settings is None or time.monotonic() >= _lately.until:
        _lately.settings = known()
        _lately.until = time.monotonic() + FRESH_SECONDS
    return _lately.settings.context(servers)


def forget() -> None:
    """Read the settings anew when they are asked for next."""
    _lately.settings = None


def touched(wanted: Said, servers: Context) -> Said:
    """The fields that say something else than the settings of the server.

    The others go on following these, whatever they come to say.
    """
    default = written(servers)
    return {
        name: wanted[name]
        for name in Field
        if wanted[name] not in (default[name], _usual(name, default[name]))
    }


def change(wanted: Said, servers: Context, actor: Actor, *, version: int) -> bool:
    """Save what every field is to say; False when that is said already.

    Raises `Changed` if `version` is not the stored one: nothing is written then.
    """
    said = touched(wanted, servers)

    def work(session: ClientSession) -> bool:
        row = _rows().find_one({"_id": THE_ONE}, session=session)
        before = _settings(row) if row else Settings()
        if before.version != version:
            raise Changed
        if before.said == said:
            return False
        after = {**written(servers), **said}
        differing = changes(as_stored(before.entries(servers)), as_stored(after))
        _store(before, said, differing, actor, session)
        told = {"version": version + 1, "changes": differing}
        of = ("organisation", THE_ONE)
        event = Event.ORGANISATION_CHANGED
        record(event, actor, of=of, metadata=told, session=session)
        return True

    try:
        is_changed = transact(work)
    except DuplicateKeyError:
        raise Changed from None
    forget()
    return is_changed


def _store(
    before: Settings,
    said: Said,
    differing: dict[str, Any],
    actor: Actor,
    session: ClientSession,
) -> None:
    version, at = before.version + 1, now()
    told = {"version": version, "at": at, "by": actor.name, "changes": differing}
    row = {
        "said": as_stored(said),
        "version": version,
        "changed_at": at,
        "changed_by": actor.name,
        "history": [*before.history, told][-KEPT_CHANGES:],
    }
    if not before.version:
        _rows().insert_one({"_id": THE_ONE, **row}, session=session)
        return
    same = {"_id": THE_ONE, "version": before.version}
    if not _rows().update_one(same, {"$set": row}, session=session).modified_count:
        raise Interfered


def as_stored(said: Said) -> dict[str, list[str]]:
    """Entries by field, as rows keep them."""
    return {name.value: list(lines) for name, lines in said.items()}


def from_stored(said: Mapping[str, list[str]]) -> Said:
    """Entries by field; those of a field that is no more are left out."""
    return {name: tuple(said[name]) for name in Field if name in said}


def _settings(row: Row) -> Settings:
    return Settings(
        from_stored(row["said"]),
        row["version"],
        row["changed_at"],
        row["changed_by"],
        tuple(row["history"]),
    )


def _usual(name: Field, lines: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return entries(name, "\n".join(lines))
    except NotAccepted:
        return lines


def _rows() -> Any:
    return database()["organisation"]
