"""Who sends suspicious mail: how many messages of a period, by sender and by domain.

There may be as many senders as messages, so each has a document of its own, and an
index leads to those with the most.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from mongoengine import Document, IntField, StringField
from pymongo import DeleteOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from dashboard.documents.connection import database
from dashboard.documents.periods import open_periods
from dashboard.domain.domains import organisation

Row = dict[str, Any]
Steps = Counter[tuple[str, str, str]]  # by period, who, and which number of theirs

FLAGGED: Final = "flagged:yes"
WORST: Final = "level:critical"
SENDER, DOMAIN = "sender:", "domain:"
MESSAGES, MALICIOUS = "messages", "malicious"
LEAST: Final = 50  # who sent less than one message in so many is not looked for


class SenderCounter(Document):
    """How many suspicious messages of a period a sender or a domain sent."""

    key = StringField(primary_key=True)  # "2026-11-09..2026-11-22 domain:example.org"
    period = StringField(required=True)
    messages = IntField(default=0)
    malicious = IntField(default=0)

    meta = {
        "collection": "sender_counters",
        "auto_create_index": False,
        "indexes": [("period", "messages")],
    }


def ranked(facets: Sequence[str]) -> list[str]:
    """Who a message is counted for: nobody, unless it is suspicious."""
    if FLAGGED not in facets:
        return []
    senders = [name for name in facets if name.startswith(SENDER)]
    hosts = [name.removeprefix(DOMAIN) for name in facets if name.startswith(DOMAIN)]
    return [*senders, *(DOMAIN + organisation(host) for host in hosts[:1])]


def step(
    steps: Steps, received_at: datetime, facets: Sequence[str], number: int
) -> None:
    """Note what a message with these facets adds to who sent it, or takes away."""
    fields = [MESSAGES, MALICIOUS] if WORST in facets else [MESSAGES]
    for name in ranked(facets):
        for period in open_periods(received_at):
            for field in fields:
                steps[period, name, field] += number


def write(steps: Steps, session: ClientSession) -> None:
    """Change the counters by what was noted, in the caller's transaction."""
    changed: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (period, name, field), number in steps.items():
        if number:
            changed[period, name][field] = number
    writes: list[UpdateOne | DeleteOne] = []
    for (period, name), numbers in sorted(changed.items()):
        key = {"_id": f"{period} {name}"}
        update = {"$inc": numbers, "$set": {"period": period}}
        writes.append(UpdateOne(key, update, upsert=True))
        if numbers.get(MESSAGES, 0) < 0:  # of who sent nothing, nothing is kept
            writes.append(DeleteOne({**key, MESSAGES: {"$lte": 0}}))
    if writes:
        _rows().bulk_write(writes, session=session)


def top(period: str, at_least: int) -> list[Row]:
    """Who sent at least so many messages: `name`, `messages`, `malicious`.

    Of any number of messages at most `LEAST` senders, and as many domains, have sent
    one in `LEAST`: asked for those, this reads a hundred rows however many there are.
    """
    wanted = {"period": period, MESSAGES: {"$gte": at_least}}
    return [_named(row) for row in _rows().find(wanted)]


def fewest(messages: int) -> int:
    """How many of so many messages somebody has to have sent to be looked for."""
    return max(1, -(-messages // LEAST))


def kept(period: str, session: ClientSession | None = None) -> Steps:
    """What the counters of a period say."""
    said: Steps = Counter()
    for row in _rows().find({"period": period}, session=session):
        named = _named(row)
        for field in (MESSAGES, MALICIOUS):
            said[period, named["name"], field] = named[field]
    return said


def _named(row: Row) -> Row:
    numbers = {field: row.get(field, 0) for field in (MESSAGES, MALICIOUS)}
    return {"name": row["_id"].partition(" ")[2], **numbers}


def _rows() -> Collection[Row]:
    return database()["sender_counters"]
