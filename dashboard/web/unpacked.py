"""What the pages of uploads show: how far each has come, and what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from bson import ObjectId
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dashboard.documents.analysis import Analysis, visible_to
from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.upload import Upload, UploadEntry
from dashboard.documents.user import Account
from dashboard.documents.worker import WorkerHeartbeat
from dashboard.domain.intake import Kind
from dashboard.domain.statuses import Status, UploadState
from dashboard.web import tables
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.tables import Table
from dashboard.web.templating import path, told, visible

PAGE_SIZE: Final = 50
SHOWN: Final = ("subject", "threat_level", "status")  # of the analyses
UNSETTLED: Final = (UploadState.WAITING.value, UploadState.WORKING.value)
UPLOADS: Final = Vocabulary({})

KINDS: Final[dict[str, Any]] = {
    Kind.MAILBOX.value: _l("Mailbox"),
    Kind.ARCHIVE.value: _l("Archive"),
    Kind.OUTLOOK.value: _l("Outlook file"),
}
STATES: Final[dict[str, Any]] = {
    UploadState.WAITING.value: _l("Waits to be unpacked"),
    UploadState.WORKING.value: _l("Being unpacked"),
    UploadState.DONE.value: _l("Unpacked"),
    UploadState.FAILED.value: _l("Could not be unpacked"),
}


class Line(NamedTuple):
    """One upload, as the list prints it."""

    id: str
    name: str
    kind: str
    size: int
    state: str
    is_bad: bool
    is_open: bool
    accepted: int  # known ones included
    refused: int
    who: str
    at: datetime


class Entry(NamedTuple):
    """What became of one thing in a container, as its page prints it."""

    number: int
    name: str
    analysis_id: str
    is_new: bool
    level: str | None
    is_done: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one upload."""

    row: Row
    line: Line
    entries: list[Entry]
    start: int  # the number the page begins with
    older: int  # where the page before begins; 0 when there is none
    newer: int  # where the next page begins; 0 when there is none
    has_worker: bool
    tag: str  # changes with what is shown; empty once nothing is awaited

    @property
    def percent(self) -> int | None:
        """How much of a mailbox is read; of other containers that is not known."""
        if self.row["kind"] != Kind.MAILBOX or not self.row["size"]:
            return None
        return min(100, 100 * int(self.row["offset"]) // int(self.row["size"]))


def listing(filters: Filters, reader: Account) -> Table:
    """One page of the uploads the reader may see."""
    page = Upload.listed(
        visible_to(reader), size=filters.size, after=filters.place, at=now()
    )
    return tables.table(path("uploads.index"), filters, [], page, line_of)


def line_of(row: Row) -> Line:
    """One stored upload in words."""
    state = row["state"]
    if state == UploadState.WAITING and row["seen"]:  # between two slices of the work
        state = UploadState.WORKING.value
    return Line(
        id=str(row["_id"]),
        name=visible(row["name"]) or _("without a name"),
        kind=told(KINDS)[row["kind"]],
        size=row["size"],
        state=told(STATES)[state],
        is_bad=state == UploadState.FAILED,
        is_open=state in UNSETTLED,
        accepted=row["accepted"] + row["known"],
        refused=row["refused"],
        who=row["actor"],
        at=row["received_at"],
    )


def sheet(row: Row, start: int) -> Sheet:
    """The page of one upload, from the entry of that number on."""
    found = UploadEntry.of(row["_id"], start=start, size=PAGE_SIZE)
    known = _analyses(found)
    entries = [_entry(each, known.get(each["analysis_id"], {})) for each in found]
    is_open = row["state"] in UNSETTLED
    has_worker = not is_open or WorkerHeartbeat.is_any_alive(now())
    shown = (row["state"], row["seen"], row["offset"], entries, has_worker)
    is_awaited = is_open or any(e.analysis_id and not e.is_done for e in entries)
    return Sheet(
        row=row,
        line=line_of(row),
        entries=entries,
        start=start,
        older=max(start - PAGE_SIZE, 1) if start > 1 else 0,
        newer=start + PAGE_SIZE if row["seen"] >= start + PAGE_SIZE else 0,
        has_worker=has_worker,
        tag=_tag(shown) if is_awaited else "",
    )


def _analyses(entries: list[Row]) -> dict[str, Row]:
    """What has been made of the entries that are messages."""
    wanted = [ObjectId(e["analysis_id"]) for e in entries if e["analysis_id"]]
    found = Analysis.of_ids(wanted, SHOWN) if wanted else []
    return {str(row["_id"]): row for row in found}


def _entry(row: Row, analysis: Mapping[str, Any]) -> Entry:
    name = analysis.get("subject") or row["name"]
    reason = _(row["reason"]) if row["reason"] else ""
    if row["analysis_id"] and not analysis:
        reason = _("Its analysis has been deleted.")
    return Entry(
        number=row["number"],
        name=visible(name) or _("Message %(n)d", n=row["number"]),
        analysis_id=row["analysis_id"] if analysis else "",
        is_new=row["is_new"],
        level=analysis.get("threat_level"),
        is_done=analysis.get("status") not in (Status.PENDING, Status.RUNNING),
        reason=str(_(reason)) if reason else "",
    )


def _tag(shown: tuple[Any, ...]) -> str:
    written = repr(shown).encode("utf-8", "replace")
    return hashlib.sha256(written).hexdigest()[:20]
