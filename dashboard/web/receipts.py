"""From stored rows to what the page of one analysis shows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from dashboard.documents.analysis import AnalysisReceipt
from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.job import AnalysisJob
from dashboard.documents.message import MessageView
from dashboard.documents.user import Account
from dashboard.documents.worker import WorkerHeartbeat
from dashboard.domain.findings import Polarity, Where
from dashboard.domain.permissions import Permission
from dashboard.domain.statuses import Status
from dashboard.services.queue import MAX_ATTEMPTS
from dashboard.web import panes, scores, signals
from dashboard.web.expected import expected
from dashboard.web.marking import Letters, excerpt, plain, quotation
from dashboard.web.panes import Panes, Spot
from dashboard.web.sentences import sentence

MAX_EVIDENCE: Final = 12  # marked in the message, for each finding
MAX_QUOTES: Final = 3  # beside a finding
MANY: Final = 100  # from here on the queue is not counted
UNSETTLED: Final = (Status.PENDING.value, Status.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Quote:
    """One piece of evidence beside its finding."""

    letters: list[Letters]
    expected: str
    anchor: str
    kind: str  # of place: "header", "text", "link", "file", "html" or "source"
    name: str  # of a header
    number: int  # of the line, link or attachment; 0 when there is none


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as its card shows it."""

    number: int
    rule: str
    title: str
    summary: str
    points: int
    is_against: bool
    without_score: int
    without_level: str | None
    quotes: list[Quote]
    unquoted: int  # pieces of evidence that are only marked in the message


@dataclass(frozen=True, slots=True)
class Difference:
    """What another run of the same message concluded, and how they differ."""

    run: int
    level: str | None
    score: int
    ruleset: str
    is_newer: bool
    gained: list[str]  # signals of the run shown, not of the other
    lost: list[str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run of the engine, ready to be shown."""

    run: int
    stored: Row
    assessment: Mapping[str, Any]
    summary: str
    why: str
    bar: scores.Bar
    findings: list[Finding]
    not_checked: list[tuple[str, str]]
    panes: Panes | None  # None for readers who may not read bodies
    difference: Difference | None

    @property
    def risk(self) -> str:
        """The risk in percent, with a decimal where it matters."""
        percent = self.assessment["risk"] * 100
        return f"{percent:.1f}" if percent < 10 or percent > 90 else f"{percent:.0f}"

    @property
    def settings(self) -> int:
        """Which version of the organisation's settings it was judged by; 0 of none."""
        version: int = self.stored["record"].get("context", {}).get("version", 0)
        return version

    @property
    def asked_dns(self) -> bool:
        """Whether a worker that may ask DNS examined the message."""
        return self.stored["record"].get("context", {}).get("verified") is not None

    @property
    def added(self) -> int:
        """Findings for phishing."""
        return sum(each.points > 0 for each in self.findings)

    @property
    def taken(self) -> int:
        """Findings against phishing."""
        return sum(each.points < 0 for each in self.findings)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How far a message without a result has come."""

    attempt: int
    of: int
    queued: int  # messages that wait, this one included
    is_many: bool  # there are at least that many
    has_worker: bool
    reason: str  # why the attempt before ended


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one analysis: a receipt, or why there is none."""

    row: Row
    receipt: Receipt | None
    waiting: Waiting | None
    runs: list[Row]  # newest first; empty while there is only one

    @property
    def heading(self) -> str:
        """The subject, or what else the message is known by."""
        return plain(self.row["subject"] or self.row["file_name"])

    @property
    def recipient(self) -> str:
        """Whom the message was for, as its first To line says."""
        return plain(self.row["recipient"])

    @property
    def is_old(self) -> bool:
        """Whether a later run than the one shown was asked for."""
        return self.receipt is not None and self.receipt.run != self.row["run"]


def sheet(row: Row, run: int | None, reader: Account) -> Sheet | None:
    """What one analysis shows this reader; None if there is no such run.

    Asks the database for no more than the state of the analysis makes necessary.
    """
    runs = AnalysisReceipt.history(row["_id"]) if row["run"] > 1 else []
    if run is None and row["status"] in UNSETTLED:
        return Sheet(row, None, _waiting(row), runs)
    if run is None and row["status"] != Status.DONE:
        return Sheet(row, None, None, runs)
    stored = AnalysisReceipt.of(row["_id"], row["run"] if run is None else run)
    if stored is None:
        return Sheet(row, None, None, runs) if run is None else None
    tabs = MessageView.tabs_of(row["sha256"])
    if not reader.may(Permission.READ_BODIES):
        tabs = None
    return Sheet(row, build(stored, tabs, runs), None, runs)


def build(stored: Row, tabs: Row | None, runs: list[Row]) -> Receipt:
    """Lay out one run; without `tabs` nothing of the body is quoted."""
    assessment = stored["record"]["assessment"]
    found = assessment["findings"]
    spots = [spot for each in found for spot in _spots(each)]
    return Receipt(
        run=stored["run"],
        stored=stored,
        assessment=assessment,
        summary=sentence(assessment["summary"], assessment.get("told")),
        why=sentence(assessment["why"], assessment.get("why_told")),
        bar=scores.bar(assessment),
        findings=[_finding(each, tabs) for each in found],
        not_checked=[
            (signals.check(each["check"]), sentence(each["reason"], each.get("told")))
            for each in assessment["not_checked"]
        ],
        panes=panes.build(tabs, spots) if tabs else None,
        difference=_difference(stored, runs),
    )


def as_record(row: Row, stored: Row) -> dict[str, Any]:
    """A receipt to be kept elsewhere: what was found, by what, in which message."""
    return {
        "analysis": str(row["_id"]),
        "sha256": row["sha256"],
        "received_at": row["received_at"].isoformat(),
        "run": stored["run"],
        "analysed_at": stored["created_at"].isoformat(),
        "seconds": stored["seconds"],
        "memory_kb": stored["memory_kb"],
        **stored["record"],
    }


def _waiting(row: Row) -> Waiting:
    job = AnalysisJob.of(row["_id"], row["run"]) or defaultdict(int, reason="")
    queued = AnalysisJob.count_queued(at_most=MANY)
    return Waiting(
        attempt=min(job["attempts"] + 1, MAX_ATTEMPTS),
        of=MAX_ATTEMPTS,
        queued=queued,
        is_many=queued >= MANY,
        has_worker=WorkerHeartbeat.is_any_alive(now()),
        reason=plain(_(job["reason"])) if job["reason"] else "",
    )


def _spots(finding: Row) -> Iterator[Spot]:
    is_against = finding["polarity"] == Polarity.AGAINST
    for index, evidence in enumerate(finding["evidence"][:MAX_EVIDENCE]):
        anchor = _anchor(finding["number"], index)
        place, value = evidence["place"], evidence["value"]
        yield Spot(finding["number"], anchor, is_against, place, value)


def _anchor(number: int, index: int) -> str:
    return f"ev-{number}-{index + 1}" if index else f"ev-{number}"


def _finding(finding: Row, tabs: Row | None) -> Finding:
    quotes = list(_quotes(finding, tabs))
    return Finding(
        number=finding["number"],
        rule=finding["rule"],
        title=signals.title(finding["rule"]),
        summary=sentence(finding["summary"], finding.get("told")),
        points=finding["points"],
        is_against=finding["polarity"] == Polarity.AGAINST,
        without_score=finding["without_score"],
        without_level=finding["without_level"],
        quotes=quotes,
        unquoted=max(0, len(finding["evidence"][:MAX_EVIDENCE]) - len(quotes)),
    )


def _quotes(finding: Row, tabs: Row | None) -> Iterator[Quote]:
    for index, evidence in enumerate(finding["evidence"][:MAX_QUOTES]):
        place = evidence["place"]
        if tabs is None and place["where"] != Where.HEADER:
            continue
        kind, number = _standing(tabs, place)
        yield Quote(
            letters=_letters(evidence),
            expected=plain(expected(evidence["expected"])),
            anchor=_anchor(finding["number"], index),
            kind=kind,
            name=plain(place["name"]),
            number=number,
        )


def _letters(evidence: Row) -> list[Letters]:
    value, observed = evidence["value"], evidence["observed"]
    if evidence["place"]["where"] == Where.FILE:  # a file's name only looks like a host
        return excerpt(value, observed)
    return quotation(value, observed, evidence["expected"])


def _standing(tabs: Row | None, place: Row) -> tuple[str, int]:
    """What kind of place evidence stands at, and the number of the line or row."""
    where = place["where"]
    if tabs is None or where in (Where.HEADER, Where.SOURCE):
        return where, 0
    if where == Where.FILE:
        parts = [file["part"] for file in tabs["attachments"]]
        return where, parts.index(place["part"]) + 1 if place["part"] in parts else 0
    if where == Where.DOM and place["path"]:
        row = panes.link_rows(tabs).get((place["part"], place["path"]))
        return ("html", 0) if row is None else ("link", row + 1)
    line = panes.line_of(tabs, place)
    return ("text", line) if line else ("html", 0)


def _difference(stored: Row, runs: list[Row]) -> Difference | None:
    """Compare with the run before; an old run with the newest."""
    others = [run for run in runs if run["run"] != stored["run"]]
    if not others:
        return None
    is_newest = all(run["run"] <= stored["run"] for run in runs)
    other = others[0]
    theirs, ours = (_rules(each) for each in (other, stored))
    assessment = other["record"]["assessment"]
    return Difference(
        run=other["run"],
        level=assessment["level"],
        score=assessment["score"],
        ruleset=other["ruleset"],
        is_newer=not is_newest,
        gained=[signals.title(rule) for rule in ours if rule not in theirs],
        lost=[signals.title(rule) for rule in theirs if rule not in ours],
    )


def _rules(stored: Row) -> list[str]:
    found = stored["record"]["assessment"]["findings"]
    return list(dict.fromkeys(each["rule"] for each in found))
