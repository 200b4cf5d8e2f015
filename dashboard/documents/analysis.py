"""Analyses: one message each, what the engine made of it, and what a person decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    EnumField,
    FloatField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection, page
from dashboard.documents.connection import now
from dashboard.documents.counters import SEARCHED_ROWS, WANTED_ROWS, counted, histogram
from dashboard.documents.pace import WHOLE, Pace
from dashboard.documents.user import Account
from dashboard.domain.aggregator import Verdict
from dashboard.domain.permissions import Permission
from dashboard.domain.statuses import Status
from dashboard.domain.words import terms as terms

LIST_FIELDS: Final = (
    "subject",
    "sender",
    "sender_name",
    "recipient",
    "received_at",
    "status",
    "threat_level",
    "verdict",
    "confidence_score",
    "analysis_results",
    "decision",
    "owner",
    "user_id",
    "file_name",
    "version",
)
PACE: Final = Pace(WHOLE)
MAX_ROWS: Final = 4 * WANTED_ROWS  # to look at first where rows are counted by day


class Analysis(Document):
    """A submitted message and, once examined, what was made of it."""

    user_id = StringField(required=True)  # who submitted it, as a string
    origin_key = StringField(required=True, unique=True)  # one row a submission
    source = StringField(required=True)  # "upload", "paste", "command", later "gmail"
    sha256 = StringField(required=True)
    size = IntField(required=True)
    file_name = StringField(
        default=""
    )  # as the sender of the file named it; shown only
    entry = StringField(default="")  # "upload/number" of what came in a container
    gmail_message_id = StringField(default=None)
    subject = StringField(default="")
    sender = StringField(default="")
    sender_name = StringField(default="")
    recipient = StringField(default="")
    received_at = DateTimeField(required=True)
    status = EnumField(Status, default=Status.PENDING)
    threat_level = StringField(default=None)
    verdict = StringField(default=None)
    confidence_score = FloatField(default=None)
    analysis_results = DictField()
    detected_threats = ListField(StringField())
    analyzer_version = StringField(default="")
    run = IntField(default=1)  # which analysis of the message is shown or awaited
    failure = StringField(default="")  # why it could not be analysed
    decision = DictField()  # the analyst's verdict: verdict, category, note, by, at
    owner = StringField(default="")
    facets = ListField(StringField())
    version = IntField(default=1)  # raised by every change a person makes
    revision = IntField(default=1)  # raised by every change at all
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "email_analyses",
        "auto_create_index": False,
        "indexes": [
            ("received_at", "id"),
            ("facets", "received_at", "id"),
            "sha256",
        ],
    }

    @classmethod
    def visible(cls, analysis_id: str, user: Account) -> Row | None:
        """The row, if it exists and this user may see it."""
        if not ObjectId.is_valid(analysis_id):
            return None
        row = cls._get_collection().find_one({"_id": ObjectId(analysis_id)})
        return row if row and may_see(row, user) else None

    @classmethod
    def of_ids(
        cls, ids: Iterable[ObjectId], fields: Iterable[str] = LIST_FIELDS
    ) -> list[Row]:
        """The rows with these ids, as lists print them, in no order."""
        wanted = {"_id": {"$in": list(ids)}}
        return list(cls._get_collection().find(wanted, dict.fromkeys(fields, 1)))

    @classmethod
    def newest(
        cls, facet: str, since: datetime, at: datetime, *, at_most: int
    ) -> list[Row]:
        """Rows with a facet, newest first; the caller bounds the time since when."""
        return page(
            cls._get_collection(),
            Selection({"facets": facet}, {}, since),
            size=at_most,
            after=None,
            fields=LIST_FIELDS,
            first_window=lambda top: top - since,
            now=at,
        ).rows

    @classmethod
    def between(
        cls, facet: str, since: datetime, until: datetime, *, at_most: int
    ) -> list[Row]:
        """Rows with a facet, oldest first; the caller bounds the time between."""
        within = {"facets": facet, "received_at": {"$gte": since, "$lt": until}}
        found = cls._get_collection().find(within, dict.fromkeys(LIST_FIELDS, 1))
        return list(found.sort([("received_at", 1), ("_id", 1)]).limit(at_most))

    @classmethod
    def listed(
        cls,
        selection: Selection,
        *,
        size: int,
        after: Key | None,
        at: datetime,
        more: tuple[str, ...] = (),
    ) -> Page:
        """One page of a list, as plain rows of `LIST_FIELDS` and more."""
        names, is_rising = selection.names, selection.is_rising
        enough = SEARCHED_ROWS if selection.rest else WANTED_ROWS
        is_counted = not selection.rest and len(counted(names)) == len(names)

        def guess(start: datetime, rows: float = enough) -> timedelta:
            return histogram.first_window(names, start, rows, is_rising=is_rising)

        def most(start: datetime) -> timedelta:
            return guess(start, MAX_ROWS)

        return PACE.page(
            cls._get_collection(),
            selection,
            size=size,
            after=after,
            fields=(*LIST_FIELDS, *more),
            now=at,
            by="received_at",
            guess=guess,
            most=most if is_counted else None,
            begin=histogram.begin() if is_rising else BEGINNING,
        )


class AnalysisReceipt(Document):
    """One run of the engine over one message: the whole receipt, never changed."""

    analysis_id = ObjectIdField(required=True)
    run = IntField(required=True)
    job_id = ObjectIdField(required=True, unique=True)
    record = DictField(required=True)
    met = ListField(DictField())  # indicators and where they stood: key, places
    ruleset = StringField(required=True)
    ruleset_hash = StringField(required=True)
    instead_of = StringField(default="")  # the current ruleset, if another was chosen
    seconds = FloatField(required=True)
    memory_kb = IntField(required=True)
    requested_by = StringField(default="")
    created_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "analysis_receipts",
        "auto_create_index": False,
        "indexes": [{"fields": ("analysis_id", "run"), "unique": True}],
    }

    @classmethod
    def of(cls, analysis_id: ObjectId, run: int) -> Row | None:
        """The receipt of one run, or None."""
        found = {"analysis_id": analysis_id, "run": run}
        row: Row | None = cls._get_collection().find_one(found)
        return row

    @classmethod
    def history(cls, analysis_id: ObjectId) -> list[Row]:
        """Every run, newest first, with no more of its findings than their rules."""
        fields = {
            "run": 1,
            "ruleset": 1,
            "instead_of": 1,
            "created_at": 1,
            "requested_by": 1,
            "record.assessment.findings.rule": 1,
            "record.assessment.level": 1,
            "record.assessment.score": 1,
            "record.assessment.verdict": 1,
        }
        rows = cls._get_collection().find({"analysis_id": analysis_id}, fields)
        return sorted(rows, key=lambda row: -int(row["run"]))[:50]


def may_see(row: Mapping[str, Any], user: Account) -> bool:
    """Whether this user may know that the analysis exists."""
    if user.may(Permission.READ_ANALYSES):
        return True
    is_own = row["user_id"] == str(user.id)
    return is_own and user.may(Permission.READ_OWN_ANALYSES)


def visible_to(user: Account) -> list[str]:
    """The facets that keep a list to what this user may see."""
    return [] if user.may(Permission.READ_ANALYSES) else [f"by:{user.id}"]


def select(
    facets: Iterable[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Selection:
    """Rows with all these facets, bounded by the rarest of them."""
    wanted = sorted(dict.fromkeys(facets), key=histogram.total)
    bound = {"facets": wanted[0]} if wanted else {}
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    return Selection(bound, rest, since or BEGINNING, until)


def facets_of(row: Mapping[str, Any]) -> list[str]:
    """Every facet a list can ask this row for, in a stable order."""
    facets = [f"status:{row['status']}", f"by:{row['user_id']}"]
    if row["status"] == Status.DONE:  # else what an earlier run said is not true now
        for name, field in (("level", "threat_level"), ("verdict", "verdict")):
            if row.get(field):
                facets.append(f"{name}:{row[field]}")
        facets += [f"signal:{rule}" for rule in row.get("detected_threats", [])]
        facets += _waiting(row)
    if "@" in (sender := row.get("sender", "").lower()):
        facets.append(f"sender:{sender}")
    facets += [f"domain:{domain}" for domain in _domains(sender)]
    if decided := row.get("decision", {}).get("verdict"):
        facets.append(f"decided:{decided}")
    facets.append(f"owner:{row.get('owner') or 'nobody'}")
    shown = (row.get(name, "") for name in ("subject", "sender_name", "sender"))
    facets += [
        f"t:{word}" for word in terms(" ".join((*shown, row.get("recipient", ""))))
    ]
    return list(dict.fromkeys(facets))


def _waiting(row: Mapping[str, Any]) -> list[str]:
    """Whether the engine warns of a message, and whether that waits for a person."""
    if row.get("verdict") in (None, Verdict.CLEAN):
        return []
    is_open = not row.get("decision", {}).get("verdict")
    return ["flagged:yes", "open:yes"] if is_open else ["flagged:yes"]


def _domains(sender: str) -> list[str]:
    """The sender's domain and those above it, so that either finds the message."""
    host = sender.rpartition("@")[2].strip(".")
    labels = host.split(".") if host else []
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 0))][:6]
