"""Handing out what is dangerous: only inside an archive, and never unrecorded."""

from dashboard.documents.base import Row
from dashboard.documents.message import MessageView
from dashboard.services import archives, messages
from dashboard.services.audit import Actor, Event, record

MESSAGE_NAME = "message.eml"


def attachment(row: Row, sha256: str, actor: Actor) -> bytes | None:
    """The archive that holds one attachment of this message, or None.

    The event is recorded before the bytes leave: who was refused them by a fault
    afterwards stands in the trail, who got them always does.
    """
    tabs = MessageView.tabs_of(row["sha256"])
    known = {file["sha256"] for file in tabs["attachments"]} if tabs else set()
    archive = archives.load(sha256) if sha256 in known else None
    if archive is not None:
        _record(row, actor, kind="attachment", sha256=sha256)
    return archive


def message(row: Row, actor: Actor) -> bytes:
    """An archive that holds the message as it came; raise `MessageLost` if gone."""
    raw = messages.load(row["sha256"])
    _record(row, actor, kind="message", sha256=row["sha256"])
    return archives.sealed(MESSAGE_NAME, raw)


def _record(row: Row, actor: Actor, *, kind: str, sha256: str) -> None:
    record(
        Event.FILE_DOWNLOADED,
        actor,
        of=("analysis", row["_id"]),
        metadata={"kind": kind, "sha256": sha256},
    )
