"""Many analyses at once: rows, facets and counters as the product would have made them.

Nothing is submitted or examined, for ten thousand messages would take an hour; what
lists read is the same.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bson import ObjectId

from dashboard.documents import ranking
from dashboard.documents.analysis import facets_of
from dashboard.documents.connection import database
from dashboard.documents.counters import SHARES, counted, day_of
from dashboard.documents.transactions import transact
from dashboard.services import counting

Row = dict[str, Any]

DAYS: Final = 30
BATCH: Final = 1000

# Level, verdict, risk, how many in a hundred, and the rules that speak.
KINDS: Final = (
    ("safe", "clean", 0.02, 52, ()),
    ("low", "clean", 0.08, 12, ("auth-absent",)),
    ("medium", "suspicious", 0.35, 12, ("auth-fail", "reply-to-mismatch")),
    ("high", "suspicious", 0.7, 8, ("language-payment", "reply-to-freemail")),
    (
        *("critical", "malicious", 0.98, 16),
        ("link-text-mismatch", "lookalike-domain", "language-credential", "auth-fail"),
    ),
)
STATUSES: Final = (("done", 95), ("failed", 3), ("pending", 1), ("cancelled", 1))
SUBJECTS: Final = (
    "Invoice {n} for October",
    "Minutes of the planning meeting, item {n}",
    "Your parcel {n} could not be delivered",
    "Verify your mailbox before Friday, ticket {n}",
    "Re: Offer {n} for the new office chairs",
    "Weekly report of the night shift {n}",
    "Payment advice {n}: overdue amount",
    "Travel request {n} is waiting for you",
)
SENDERS: Final = ("billing", "service", "team", "office", "no-reply", "accounts")
SUMMARY: Final = (
    "The text of a link names another host than the one it leads to, the sender's "
    "domain imitates a known one, and the message asks for a password."
)
RARE_WORD: Final = "quartz"  # in one subject of thirty: a page of them in a thousand
RARE_DOMAIN: Final = "rare-sender.example.net"  # one message in thirty-two
COMMON_DOMAIN: Final = "company7.example.net"  # one message in eleven


def stock(count: int, at: datetime) -> None:
    """Store so many analyses of the days before `at`, with their counters."""
    made = list(rows(count, at))
    for first in range(0, count, BATCH):
        database()["email_analyses"].insert_many(made[first : first + BATCH])
    database()["daily_counters"].insert_many(shares(made))
    transact(partial(ranking.write, senders(made)))
    counting.gather()  # as the product does every hour


def rows(count: int, at: datetime) -> Iterator[Row]:
    """Analyses, evenly over the days before `at`; the same for the same arguments."""
    chance = random.Random(2026)  # noqa: S311 - what a message is about, no secret
    step = timedelta(days=DAYS) / count
    for number in range(count):
        moment = at - step * (number + chance.random())
        milliseconds = moment.microsecond // 1000 * 1000
        yield _row(number, moment.replace(microsecond=milliseconds), chance)


def shares(made: Iterable[Row]) -> list[Row]:
    """The day counters of these rows, spread over shares as the product does."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, row in enumerate(made):
        share = sums[f"{day_of(row['received_at'])}/{number % SHARES}"]
        share["received"] += 1
        for name in counted(row["facets"]):
            share[name] += 1
    return [
        {
            "_id": key,
            "day": key.partition("/")[0],
            "received": facets.pop("received"),
            "facets": dict(facets),
        }
        for key, facets in sums.items()
    ]


def senders(made: Iterable[Row]) -> ranking.Steps:
    """The counters of who sent what is suspicious of these rows."""
    steps: ranking.Steps = Counter()
    for row in made:
        ranking.step(steps, row["received_at"], row["facets"], 1)
    return steps


def _row(number: int, received_at: datetime, chance: random.Random) -> Row:
    level, verdict, risk, _, rules = _pick(KINDS, chance, 3)
    status = _pick(STATUSES, chance, 1)[0]
    is_done = status == "done"
    sender = f"{chance.choice(SENDERS)}@{_domain(number)}"
    subject = chance.choice(SUBJECTS).format(n=number)
    row: Row = {
        "_id": ObjectId(hashlib.sha256(f"row {number}".encode()).digest()[:12]),
        "user_id": "demonstration",
        "origin_key": f"bench:{number}",
        "source": "upload",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "size": chance.randrange(2_000, 80_000),
        "file_name": f"message-{number}.eml",
        "gmail_message_id": None,
        "subject": f"{subject} {RARE_WORD}" if number % 30 == 7 else subject,
        "sender": sender,
        "sender_name": sender.partition("@")[0].title(),
        "recipient": f"employee{number % 50}@example.org",
        "received_at": received_at,
        "status": status,
        "threat_level": level if is_done else None,
        "verdict": verdict if is_done else None,
        "confidence_score": risk if is_done else None,
        "analysis_results": _results(rules, risk) if is_done else {},
        "detected_threats": list(rules) if is_done else [],
        "analyzer_version": "2026.11.3",
        "run": 1,
        "failure": "Reading the message took too long." if status == "failed" else "",
        "decision": {},
        "owner": "",
        "version": 1,
        "revision": 3,
        "created_at": received_at,
        "updated_at": received_at,
    }
    row["facets"] = facets_of(row)
    return row


def _results(rules: tuple[str, ...], risk: float) -> Row:
    return {
        "attachments": 1,
        "links": 4,
        "score": int(risk * 100),
        "summary": SUMMARY,
        "top_rule": rules[0] if rules else "",
        "top_signal": SUMMARY[:90] if rules else "",
    }


def _domain(number: int) -> str:
    if number % 32 == 3:
        return RARE_DOMAIN
    company = number % 11
    return f"company{company}.example.{('com', 'net', 'org')[company % 3]}"


def _pick(table: tuple[Any, ...], chance: random.Random, weight: int) -> Any:
    return chance.choices(table, [entry[weight] for entry in table])[0]
