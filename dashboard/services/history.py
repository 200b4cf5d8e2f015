"""The history of senders: kept by the worker, handed to the engine as a value.

Only mail that a believable server confirmed counts as having come from its sender,
and only the organisation's own confirmed mail as an answer. Each message is named by
the hash of its bytes, so that whoever stores it twice has stored it once.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError

from dashboard.documents.base import Row
from dashboard.documents.correspondent import Correspondent
from dashboard.documents.transactions import Interfered
from dashboard.domain.aggregator import Verdict
from dashboard.domain.context import DEMO
from dashboard.domain.correspondents import (
    domain_key,
    is_ours,
    is_vouched,
    like_keys,
    passes_for,
    references,
    thread_key,
    wanted_keys,
)
from dashboard.domain.engine import Examination
from dashboard.domain.history import (
    TRUSTED_AFTER,
    History,
    address_key,
    is_settled,
)
from dashboard.domain.message import Message
from dashboard.domain.sightings import address_hosts
from dashboard.services.proofs import (
    PHISHING,
    SEEN,
    WROTE,
    Entry,
    Write,
    forget,
    has_room,
    mail_key,
    put,
    write,
)

ANYBODY: Final = "anybody"  # whoever wrote: how far back the record reaches
MOST_DAYS: Final = 12  # with mail that are kept, one mail a day
MOST_WRITTEN: Final = 30  # mails of the organisation to one address, the newest
MOST_READERS: Final = 20
MOST_LIKE: Final = 20
LEGITIMATE, UNSURE = "legitimate", "unsure"


def look_up(message: Message, analysis: Row) -> list[Row]:
    """Everything kept that the history of this message's sender is read from.

    A demonstration brings its own world: it neither reads the record nor adds to it.
    """
    if analysis["source"] == DEMO:
        return []
    return Correspondent.known_as((*wanted_keys(message), ANYBODY))


def told(message: Message, rows: Iterable[Row], analysis: Row) -> History | None:
    """What earlier mail tells of the sender; the same message is not earlier."""
    if analysis["source"] == DEMO:
        return None
    named = {row["_id"]: _before(row, analysis) for row in rows}
    nobody: Row = {SEEN: [], WROTE: []}
    sender = named.get(address_key(message.sender.mailbox), nobody)
    home = domain_key(message.sender.domain)
    domain = named.get(home, nobody)
    day = analysis["received_at"].date()
    written = {entry.get("thread") for entry in _good(sender[WROTE])}
    good = _good(sender[SEEN])
    return History(
        day=day,
        since=_first(named.get(ANYBODY, nobody)[SEEN]),
        first_seen=_first(good),
        days=len(_days(good)),
        answered=len(_good(sender[WROTE])),
        judged_bad=sum(entry.get("decided") == PHISHING for entry in sender[SEEN]),
        is_domain_met=bool(_good(domain[SEEN]) or _good(domain[WROTE])),
        is_domain_trusted=_is_met(domain, day, after=TRUSTED_AFTER),
        held=tuple(r for r in references(message) if thread_key(r) in written),
        correspondents=_similar(message, named, day),
    )


def store(
    analysis: Row, examination: Examination, rows: list[Row], session: ClientSession
) -> None:
    """Keep what a message proves, in the transaction that stores its examination.

    What an earlier run kept of it is corrected, and removed if it is proven no more.
    When another worker comes first, `rows` are read anew for the next attempt: what
    was due may have been done by then.
    """
    if analysis["source"] == DEMO:
        return
    message, context = examination.message, examination.context
    writes: list[Write] = []
    if is_vouched(message, context):
        entry = {
            "at": analysis["received_at"],
            "verdict": examination.assessment.verdict.value,
            **_decided(analysis),
        }
        if is_ours(message.sender.domain, context):
            writes = _answers(analysis["sha256"], entry, examination, session)
        else:
            writes = list(_letters(analysis["sha256"], entry, message, rows))
    elif analysis["run"] > 1:
        forget([analysis["sha256"]], session)
    try:
        write(writes, session)
    except (PyMongoError, Interfered):
        with suppress(PyMongoError):
            rows[:] = look_up(message, analysis)
        raise


def _decided(analysis: Row) -> Entry:
    """What people said of the message before this run of it."""
    said = (analysis.get("decision") or {}).get("verdict", "")
    return {"decided": said} if said else {}


def _letters(
    sha256: str, entry: Entry, message: Message, rows: Iterable[Row]
) -> Iterator[Write]:
    """Keep a mail that came in: one a day of each, until there are enough."""
    known = {row["_id"]: row for row in rows}
    address, home = (
        address_key(message.sender.mailbox),
        domain_key(message.sender.domain),
    )
    is_bad = entry.get("decided") == PHISHING
    for name in (address, home, ANYBODY):
        kept = known.get(name, {}).get(SEEN, {})
        is_held = is_bad and name == address and has_room(kept)
        if name and (is_held or _is_due(kept, sha256, entry)):
            dated = [*kept.values(), entry]
            day = entry["at"].date()
            is_old = is_settled(day, _first(dated), len(_days(dated)))
            is_more = name == home and is_old
            like = like_keys(message.sender.domain) if is_more else ()
            yield put(name, SEEN, sha256, entry, like)


def _answers(
    sha256: str, entry: Row, examination: Examination, session: ClientSession
) -> list[Write]:
    """Keep to whom the organisation wrote: each address, and each domain."""
    message, context = examination.message, examination.context
    outside = [to for to in message.to if not is_ours(to.domain, context)]
    addresses = {address_key(to.mailbox) for to in outside[:MOST_READERS]} - {""}
    domains = {domain_key(to.domain): to.domain for to in outside[:MOST_READERS]}
    domains.pop("", None)
    known = {
        row["_id"]: row.get(WROTE, {})
        for row in Correspondent.known_as((*addresses, *domains), session)
    }
    threaded = entry | {"thread": thread_key(message.message_id)}
    writes: list[Write] = []
    for name in sorted(addresses):
        writes.append(put(name, WROTE, sha256, threaded))
        writes += _drop_oldest(name, known.get(name, {}), sha256)
    for name, host in sorted(domains.items()):
        if _is_due(known.get(name, {}), sha256, entry):
            writes.append(put(name, WROTE, sha256, entry, like_keys(host)))
    return writes


def _is_due(kept: Mapping[str, Entry], sha256: str, entry: Entry) -> bool:
    if sha256 in kept:
        return True
    same_day = (e for e in kept.values() if e["at"].date() == entry["at"].date())
    is_new = not any(_is_good(each) or not _is_good(entry) for each in same_day)
    return is_new and len(kept) < MOST_DAYS


def _drop_oldest(name: str, kept: Mapping[str, Entry], sha256: str) -> Iterator[Write]:
    if sha256 in kept or len(kept) < MOST_WRITTEN:
        return
    oldest = min(kept, key=lambda each: (kept[each]["at"], each))
    gone = {"$unset": {f"{WROTE}.{oldest}": ""}, "$pull": {"keys": mail_key(oldest)}}
    yield UpdateOne({"_id": name}, gone)


def _before(row: Row, analysis: Row) -> Row:
    """What a row says of earlier mail: the entries, without their names."""
    at, sha256 = analysis["received_at"], analysis["sha256"]
    return {
        field: [
            entry
            for name, entry in row.get(field, {}).items()
            if name != sha256 and entry["at"] < at
        ]
        for field in (SEEN, WROTE)
    }


def _similar(message: Message, named: Mapping[str, Row], day: date) -> tuple[str, ...]:
    """The domains well known here that one of this message could be taken for."""
    hosts = [host for host, _place in address_hosts(message)]
    known = sorted(name for name, row in named.items() if _is_met(row, day))
    domains = (n.removeprefix("domain:") for n in known if n.startswith("domain:"))
    near = (d for d in domains if any(passes_for(host, d) for host in hosts))
    return tuple(near)[:MOST_LIKE]


def _is_met(row: Row, day: date, **after: int) -> bool:
    """Whether the organisation wrote there, or heard from there for long enough."""
    good = _good(row[SEEN])
    is_old = is_settled(day, _first(good), len(_days(good)), **after)
    return is_old or bool(_good(row[WROTE]))


def _good(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if _is_good(entry)]


def _is_good(entry: Entry) -> bool:
    """Whether people say nothing is wrong with a mail, or else the engine does."""
    decided = entry.get("decided", "")
    is_clean = entry["verdict"] == Verdict.CLEAN
    return decided == LEGITIMATE or (decided in ("", UNSURE) and is_clean)


def _days(entries: Iterable[Entry]) -> set[date]:
    return {entry["at"].date() for entry in entries}


def _first(entries: Iterable[Entry]) -> date | None:
    return min(_days(entries), default=None)
