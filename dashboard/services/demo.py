"""The demonstration set: messages written for the product, put through its pipeline."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from dashboard.documents import counters
from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered, transact
from dashboard.domain.context import DEMO
from dashboard.domain.statuses import Status
from dashboard.services import analyses, files, indicators, messages, queue
from dashboard.services.analyses import Changed, Decision, NotAllowed, Submission
from dashboard.services.audit import Actor, Event, record
from dashboard.services.messages import MessageLost

OWNER: Final = Actor("demonstration")
DAYS: Final = 30
JUDGED_OF: Final = 3  # one in so many has a person's verdict, the oldest first
JUDGEMENTS: Final = {
    "malicious": Decision.PHISHING,
    "suspicious": Decision.UNSURE,
    "clean": Decision.LEGITIMATE,
}
NOTE: Final = "Recorded with the demonstration set."
LOOK_SECONDS: Final = 0.2
WAITING: Final = (Status.PENDING.value, Status.RUNNING.value)


class NotEmpty(Exception):
    """The database holds analyses that are no demonstration."""


def fill(sources: Mapping[str, bytes], *, max_bytes: int) -> Iterator[str]:
    """Submit messages by file name, spread over the last days; yield each name.

    The same names get the same place in time. What is there already stays as it is, so
    that an interrupted call may be repeated. Raises `NotEmpty` before anything is
    written.
    """
    if _rows().find_one({"source": {"$ne": DEMO}}, {"_id": 1}):
        raise NotEmpty
    record(Event.DEMO_LOADED, OWNER, metadata={"messages": len(sources)})
    for name, received_at in spread(sources, now()):
        raw = sources[name]
        submission = Submission(raw, DEMO, name, received_at)
        analyses.submit(submission, OWNER, max_bytes=max_bytes)
        yield name


def spread(names: Mapping[str, object], at: datetime) -> list[tuple[str, datetime]]:
    """A time for each name in the days before `at`, oldest first, in no visible order.

    The names alone decide; the distances are uneven, as those of mail are.
    """
    shuffled = sorted(names, key=_digest)
    step = timedelta(days=DAYS) / max(len(shuffled), 1)
    moments = [
        at - timedelta(days=DAYS) + step * (place + _digest(name)[0] / 256)
        for place, name in enumerate(shuffled)
    ]
    return [
        (name, moment.replace(microsecond=moment.microsecond // 1000 * 1000))
        for name, moment in zip(shuffled, moments, strict=True)
    ]


def waiting() -> int:
    """How many messages of the set have no result yet."""
    return sum(row["status"] in WAITING for row in _set({"status": 1}))


def verdicts() -> Counter[str]:
    """How many messages of the set have each verdict, or could not be analysed."""
    rows = _set({"verdict": 1, "status": 1})
    return Counter(row["verdict"] or row["status"] for row in rows)


def judge() -> int:
    """Let a third of the set look as if a person had judged it; how many were new."""
    rows = sorted(_set(), key=lambda row: (row["received_at"], row["_id"]))
    return sum(_judge(row) for row in rows[::JUDGED_OF] if _is_open(row))


def clear() -> Iterator[str]:
    """Remove the set and all that was made of it; yield the id of each analysis.

    What others submitted stays, with its bytes; so does the audit trail. Safe to
    repeat. What a worker reads is removed when it has done so.
    """
    rows = _set({"sha256": 1})
    record(Event.DEMO_CLEARED, OWNER, metadata={"messages": len(rows)})
    for row in rows:
        _withdraw(row["_id"])
    _remove_archives([row["sha256"] for row in rows if _is_alone(row["sha256"])])
    removed: list[bytes] = []
    for row in rows:
        with suppress(MessageLost):
            removed.append(messages.load(row["sha256"]))
        _remove(row["_id"])
        yield str(row["_id"])
    for raw in removed:  # somebody may have submitted the same bytes meanwhile
        if not _is_alone(messages.digest(raw)):
            messages.store(raw)


def size() -> int:
    """How many messages of the set are in the database."""
    return len(_set({"_id": 1}))


def _set(fields: Mapping[str, int] | None = None) -> list[Row]:
    return list(_rows().find({"facets": f"by:{OWNER.name}"}, fields))


def _judge(row: Row) -> bool:
    verdict = JUDGEMENTS[row["verdict"]]
    version = row["version"]
    with suppress(Changed):  # a person was faster
        analyses.judge(
            row, OWNER, verdict=verdict, category=None, note=NOTE, version=version
        )
        return True
    return False


def _withdraw(analysis_id: ObjectId) -> None:
    """Take a message from the queue, or wait for the worker that has it.

    The worker keeps what is attached before it stores its result: removed earlier,
    that would stay behind. One that died is not waited for beyond its lease.
    """
    until = time.monotonic() + queue.LEASE.total_seconds()
    while (row := _rows().find_one({"_id": analysis_id})) and row["status"] in WAITING:
        try:
            analyses.cancel(row, OWNER)
        except NotAllowed:
            if time.monotonic() > until:
                return
            time.sleep(LOOK_SECONDS)


def _remove(analysis_id: ObjectId) -> None:
    met: list[str] = []

    def work(session: ClientSession) -> Row | None:
        row = _rows().find_one({"_id": analysis_id}, session=session)
        if row is None:
            return None
        unchanged = {"_id": analysis_id, "revision": row["revision"]}
        if not _rows().delete_one(unchanged, session=session).deleted_count:
            raise Interfered
        of = {"analysis_id": analysis_id}
        database()["analysis_jobs"].delete_many(of, session=session)
        database()["analysis_receipts"].delete_many(of, session=session)
        met[:] = indicators.forget(analysis_id, session)
        counters.change(
            row["received_at"], gone=row["facets"], received=-1, session=session
        )
        return _remove_message(row["sha256"], session)

    # Unnamed from here on: were this process killed, the daily sweep would find it.
    if stored := transact(work):
        files.drop(stored)
    indicators.drop_unseen(met)


def _remove_message(sha256: str, session: ClientSession) -> Row | None:
    """Forget a message nobody else has; return the row it had."""
    stored = {"_id": sha256}
    row: Row | None = database()["messages"].find_one(stored, session=session)
    if row is None or not _is_alone(sha256, session):
        return None
    database()["messages"].delete_one(stored, session=session)
    database()["message_views"].delete_one(stored, session=session)
    return row


def _remove_archives(hashes: list[str]) -> None:
    """Remove the sealed attachments that only the messages with these hashes had."""
    gone, kept = set[str](), set[str]()
    for view in database()["message_views"].find({}, {"tabs.attachments.sha256": 1}):
        attached = {each["sha256"] for each in view["tabs"].get("attachments", [])}
        (gone if view["_id"] in hashes else kept).update(attached)
    for sha256 in sorted(gone - kept):
        sealed = {"_id": sha256}
        if archive := database()["attachment_archives"].find_one(sealed):
            database()["attachment_archives"].delete_one(sealed)
            files.drop(archive)


def _is_open(row: Row) -> bool:
    return row["verdict"] in JUDGEMENTS and not row["decision"]


def _is_alone(sha256: str, session: ClientSession | None = None) -> bool:
    """Whether no analysis but the demonstration's is of these bytes."""
    others = {"sha256": sha256, "source": {"$ne": DEMO}}
    return _rows().find_one(others, {"_id": 1}, session=session) is None


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def _rows() -> Any:
    return database()["email_analyses"]
