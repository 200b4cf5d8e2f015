"""What stands around analyses: people, sessions, indicators, uploads and the trail.

Rows are as the product writes them, put in many at a time.
"""

import hashlib
import ipaddress
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from bson import ObjectId

from dashboard.documents import indicator, session, user
from dashboard.documents.connection import database
from dashboard.domain.permissions import Role
from dashboard.services import accounts, audit
from dashboard.services.audit import Event

Row = dict[str, Any]

DAYS: Final = 30
BATCH: Final = 2000
EVENTS: Final = 10  # for one analysis
PEOPLE: Final = 20  # one for so many analyses
ENTRIES: Final = 200  # of each upload
MET: Final = 0.03  # of the messages in which the most common indicator was met

AGENTS: Final = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
)
# What happens, to what kind of object, how often in a hundred, and what it says.
HAPPENED: Final = (
    (Event.ANALYSIS_SUBMITTED, "analysis", 28, ""),
    (Event.ANALYSIS_FINISHED, "analysis", 27, ""),
    (Event.ANALYSIS_JUDGED, "analysis", 12, ""),
    (Event.SIGN_IN, "session", 10, ""),
    (Event.SIGN_OUT, "session", 8, "signed out"),
    (Event.ACCESS_REFUSED, "", 6, "GET /users"),
    (Event.INDICATOR_CHANGED, "indicator", 5, "domain:host{n}.example.net"),
    (Event.FILE_DOWNLOADED, "analysis", 4, "as archive"),
)
RARE_WORD: Final = "quarterly"  # in one event of five hundred
ROLES: Final = (Role.ANALYST, Role.VIEWER, Role.VIEWER, Role.MANAGER, Role.LAB)
KINDS: Final = ("url", "domain", "ip", "email", "sha256")
SOURCES: Final = ("analysis", "analysis", "analysis", "partner feed", "own research")
HOT_KEY: Final = "domain:hot.example.net"
HOT: Final = ObjectId("407" * 8)


def surround(count: int, at: datetime) -> None:
    """Store what a product with so many analyses holds beside them."""
    names = [f"person{number}" for number in range(count // PEOPLE)]
    _insert("users", people(names, at))
    _insert("persistent_sessions", sign_ins(names, at))
    _insert("threat_intelligence", indicators(count, at))
    _insert("sightings", sightings(count, at))
    _insert("uploads", uploads(count // PEOPLE, at))
    _insert("upload_entries", entries(at))
    _insert("audit_logs", events(count * EVENTS, names, at))


def analysis_id(number: int) -> ObjectId:
    """The id of the analysis with that number, the newest being 0."""
    return identity("row", number)


def identity(kind: str, number: int) -> ObjectId:
    """The id of a row that is made here."""
    return ObjectId(hashlib.sha256(f"{kind} {number}".encode()).digest()[:12])


def people(names: list[str], at: datetime) -> Iterator[Row]:
    """Accounts, evenly over the days before `at`."""
    for number, moment in _moments(len(names), at):
        name, role = names[number], ROLES[number % len(ROLES)]
        row = accounts.new_row(
            name, f"{name}@example.org", f"Person Number {number}", role
        )
        row |= {"_id": identity("user", number), "hashed_password": "!"}
        row |= {"is_active": number % 9 != 0}
        row |= dict.fromkeys(("created_at", "updated_at", "last_login"), moment)
        yield row | user.derived(row)


def sign_ins(names: list[str], at: datetime) -> Iterator[Row]:
    """A session for everybody: most of them live."""
    for number, moment in _moments(len(names), at):
        is_live = number % 2 != 0
        row: Row = {
            "_id": identity("session", number),
            "session_id": hashlib.sha256(f"session {number}".encode()).hexdigest(),
            "user_id": str(identity("user", number)),
            "username": names[number],
            "ip_address": f"192.0.2.{number % 200}",
            "user_agent": AGENTS[number % 2],
            "method": "password",
            "created_at": moment,
            "expires_at": at + timedelta(days=1),
            "last_seen": at,
            "active": is_live,
            "ended_at": None if is_live else moment + timedelta(hours=8),
            "ended_by": "" if is_live else names[number],
            "ended_why": "" if is_live else "signed out",
        }
        yield {**row, "facets": session.facets_of(row)}


def indicators(count: int, at: datetime) -> Iterator[Row]:
    """Indicators of every kind, most of them met in messages."""
    hot: Row = {"indicator": HOT_KEY.partition(":")[2], "indicator_type": "domain"}
    for number, moment in _moments(count, at):
        kind = KINDS[number % len(KINDS)]
        value = {
            "url": f"https://host{number % 997}.example.net/path/{number}",
            "domain": f"host{number}.example.com",
            "ip": str(ipaddress.IPv4Address(0x0A000000 + number)),
            "email": f"sender{number}@company{number % 11}.example.org",
            "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        }[kind]
        source = SOURCES[number % len(SOURCES)]
        is_hot = number == count // 2
        row: Row = {
            "_id": HOT if is_hot else identity("indicator", number),
            "indicator": value,
            "indicator_type": kind,
            "source": source,
            **(hot if is_hot else {}),
            "threat_type": ("phishing", "malware", "scam")[number % 3],
            "threat_level": ("low", "medium", "high", "critical")[number % 4],
            "confidence_score": 0.5,
            "description": "Seen in the campaign of October." if number % 3 else "",
            "tags": ["campaign", f"team{number % 7}"] if number % 5 == 3 else [],
            "metadata": {},
            "last_seen": moment,
            "created_at": moment,
            "updated_at": moment,
            "version": 1,
        }
        row["key"] = f"{row['indicator_type']}:{row['indicator']}"
        yield {**row, "facets": indicator.facets_of(row)}


def sightings(count: int, at: datetime) -> Iterator[Row]:
    """Where the most common indicator was met, and where one of others was."""
    step = round(1 / MET)
    for number, moment in _moments(count, at):
        hot = [HOT_KEY] if number % step == 0 else []
        for key in (*hot, f"domain:host{number}.example.com"):
            yield {
                "_id": ObjectId(),
                "key": key,
                "analysis_id": analysis_id(number),
                "user_id": "demonstration",
                "places": ["link", "from"],
                "at": moment,
            }


def uploads(count: int, at: datetime) -> Iterator[Row]:
    """Mailboxes that were unpacked."""
    for number, moment in _moments(count, at):
        yield {
            "_id": identity("upload", number),
            "user_id": "demonstration",
            "actor": "demonstration",
            "request_id": "",
            "origin_key": f"bench:{number}",
            "source": "upload",
            "name": f"mailbox-{number}.mbox",
            "kind": "mailbox",
            "sha256": "0" * 64,
            "size": 1_000_000,
            "offset": 1_000_000,
            "state": "done",
            "file_id": None,
            **dict.fromkeys(("fence", "attempts", "member", "known"), 0),
            "seen": ENTRIES,
            "accepted": ENTRIES - 1,
            "refused": 1,
            "is_cut": False,
            "reason": "",
            "facets": ["by:demonstration"],
            **dict.fromkeys(
                ("received_at", "created_at", "updated_at", "lease_until"), moment
            ),
        }


def entries(at: datetime) -> Iterator[Row]:
    """What was in the newest upload."""
    upload = identity("upload", 0)
    for number in range(1, ENTRIES + 1):
        is_refused = number == ENTRIES
        yield {
            "_id": f"{upload}/{number}",
            "upload_id": upload,
            "number": number,
            "name": f"message-{number}.eml",
            "analysis_id": "" if is_refused else str(analysis_id(number)),
            "is_new": not is_refused,
            "reason": "no message" if is_refused else "",
        }


def events(count: int, names: list[str], at: datetime) -> Iterator[Row]:
    """The trail: what people and the worker did, evenly over the days before `at`."""
    chance = random.Random(2026)  # noqa: S311 - what happened, no secret
    shares = [each[2] for each in HAPPENED]
    kinds = chance.choices(HAPPENED, shares, k=count)
    for (number, moment), (event, kind, _share, said) in zip(
        _moments(count, at), kinds, strict=True
    ):
        is_worker = event is Event.ANALYSIS_FINISHED
        name = "worker" if is_worker else names[number % len(names)]
        of = (
            analysis_id(number // EVENTS)
            if kind == "analysis"
            else identity(kind, number)
        )
        text = said.format(n=number)
        row: Row = {
            "_id": identity("event", number),
            "event_type": event.partition(":")[0],
            "action": event.value,
            "user_id": "" if is_worker else str(identity("user", number % len(names))),
            "actor": name,
            "description": f"{text} {RARE_WORD}" if number % 500 == 7 else text,
            "object_type": kind,
            "object_id": str(of) if kind else "",
            "ip_address": "" if is_worker else f"192.0.2.{number % 200}",
            "user_agent": "" if is_worker else AGENTS[number % 2],
            "request_id": "" if is_worker else f"req_{number // 3:016x}",
            "metadata": {"verdict": {"before": "unsure", "after": "phishing"}},
            "timestamp": moment,
        }
        yield {**row, "facets": audit.facets_of(row)}


def _moments(count: int, at: datetime) -> Iterator[tuple[int, datetime]]:
    step = timedelta(days=DAYS) / max(count, 1)
    for number in range(count):
        moment = at - step * (number + 0.5)
        yield number, moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _insert(name: str, rows: Iterable[Row]) -> None:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        database()[name].insert_many(some, ordered=False)
