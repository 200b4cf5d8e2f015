"""What the history of senders rests on: each mail, and what a person decided of it.

The worker adds mails; who decides or deletes one changes what is kept, and needs
nothing that reads mail for that.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pymongo import DeleteMany, UpdateMany, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError

from dashboard.documents.base import Row
from dashboard.documents.connection import database, now
from dashboard.documents.transactions import Interfered
from dashboard.domain.context import DEMO
from dashboard.domain.history import address_key

SEEN, WROTE = "seen", "wrote"
PHISHING: Final = "phishing"
MOST_BAD: Final = 30  # mails called phishing that are held against one address
DUPLICATE: Final = 11000

Entry = Mapping[str, Any]
Write = UpdateOne | UpdateMany | DeleteMany


def judged(rows: Iterable[Row], verdict: str, session: ClientSession) -> None:
    """Let the history say what a person decided of these messages.

    Phishing is held against its proven sender, however much else is kept of him.
    """
    real = [row for row in rows if row["source"] != DEMO]
    writes = list(_said({row["sha256"] for row in real}, verdict, session))
    if verdict == PHISHING:
        writes += _held_against(real, session)
    write(writes, session)


def has_room(kept: Mapping[str, Entry]) -> bool:
    """Whether one more phishing mail is held against whoever these are from."""
    bad = [each for each in kept.values() if each.get("decided") == PHISHING]
    return len(bad) < MOST_BAD


def forget(hashes: Iterable[str], session: ClientSession) -> None:
    """Remove what these messages proved, with whoever is known by nothing else."""
    gone = sorted(set(hashes))
    keys = [mail_key(sha256) for sha256 in gone]
    if not keys:
        return
    proven = _rows().find({"keys": {"$in": keys}}, {"_id": 1}, session=session)
    names = [row["_id"] for row in proven]
    if not names:
        return
    fields = {f"{f}.{sha256}": "" for sha256 in gone for f in (SEEN, WROTE)}
    change = {"$unset": fields, "$pull": {"keys": {"$in": keys}}}
    of = {"_id": {"$in": names}}
    empty = {**of, SEEN: {}, WROTE: {}}
    write([UpdateMany(of, change), DeleteMany(empty)], session)


def mail_key(sha256: str) -> str:
    """What every row is found by that rests on this message."""
    return f"mail:{sha256}"


def put(
    name: str, field: str, sha256: str, entry: Entry, like: Iterable[str] = ()
) -> Write:
    """Keep one mail with whoever it is from or went to, under its hash."""
    other = WROTE if field == SEEN else SEEN
    update = {
        "$set": {f"{field}.{sha256}.{key}": value for key, value in entry.items()},
        "$addToSet": {"keys": {"$each": [name, mail_key(sha256), *like]}},
        "$setOnInsert": {other: {}, "created_at": now()},
    }
    return UpdateOne({"_id": name}, update, upsert=True)


def write(writes: list[Write], session: ClientSession) -> None:
    """Write all of it; raise `Interfered` when somebody else met the same just now."""
    if not writes:
        return
    try:
        _rows().bulk_write(writes, session=session)
    except BulkWriteError as error:  # somebody else met the same at the same time
        if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
            raise
        raise Interfered from None


def _said(hashes: set[str], verdict: str, session: ClientSession) -> Iterator[Write]:
    """Note a verdict wherever one of these messages is kept."""
    keys = [mail_key(sha256) for sha256 in sorted(hashes)]
    found = _rows().find({"keys": {"$in": keys}}, {SEEN: 1, WROTE: 1}, session=session)
    for row in found:
        for field in (SEEN, WROTE):
            for sha256 in sorted(hashes & row[field].keys()):
                kept = {"_id": row["_id"], f"{field}.{sha256}": {"$exists": True}}
                said = {"$set": {f"{field}.{sha256}.decided": verdict}}
                yield UpdateOne(kept, said)


def _held_against(rows: Iterable[Row], session: ClientSession) -> Iterator[Write]:
    """Keep each of these as phishing of its proven sender, as long as there is room."""
    named = [(name, row) for row in rows if (name := _proven(row))]
    senders = {"_id": {"$in": sorted({name for name, _ in named})}}
    found = _rows().find(senders, {SEEN: 1}, session=session) if named else ()
    kept: dict[str, dict[str, Entry]] = {row["_id"]: row[SEEN] for row in found}
    for name, row in named:
        said = {"verdict": row["verdict"], "decided": PHISHING}
        mails = kept.setdefault(name, {})
        if has_room(mails):
            mails[row["sha256"]] = said
            entry = {"at": row["received_at"], **said}
            yield put(name, SEEN, row["sha256"], entry)


def _proven(row: Row) -> str:
    """The address a stored analysis proved to be its sender's; "" if it did not."""
    found = row.get("analysis_results") or {}
    return address_key(row["sender"]) if found.get("authenticated") else ""


def _rows() -> Any:
    return database()["correspondents"]
