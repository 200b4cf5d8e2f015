"""Findings and a ruleset in, an explained verdict out. `docs/verdicts.md` in code."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from dashboard.domain.findings import Finding, NotChecked, Polarity, Sentence
from dashboard.domain.indicators import spoken
from dashboard.domain.rulesets import LEVELS, Group, Ruleset

EVEN = 0.5  # of a message nobody could look into, in a half-and-half mix
LEAST_RISK = 0.001  # nothing is certain
LONGEST_SUMMARY = 300  # characters

_NOTHING = Sentence("Nothing in this message points to phishing.")
_LITTLE = Sentence("Little points to phishing; at most: %(told)s")
_UNJUDGED = Sentence("This message cannot be judged: %(told)s")
_SUSPICIOUS = Sentence("This message is suspicious: %(told)s")
_MALICIOUS = Sentence("This message is malicious: %(told)s")
_HIGH = Sentence("Its score is high.")
_FOR = (
    Sentence("no findings for phishing (0 points)"),
    Sentence("1 finding for phishing (%(points)s points)"),
    Sentence("%(number)s findings for phishing (%(points)s points)"),
)
_TAKEN = (
    Sentence("no findings against it (0 points)"),
    Sentence("1 finding against it (%(points)s points)"),
    Sentence("%(number)s findings against it (%(points)s points)"),
)
_SUM = Sentence("%(added)s and %(taken)s make a score of %(score)s.")
_SUM_FROM = Sentence(
    "%(added)s and %(taken)s and a starting value of %(base)s make a score of"
    " %(score)s."
)


class Level(StrEnum):
    """How dangerous a message is, mildest first."""

    SAFE = "safe"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Verdict(StrEnum):
    """What the engine concludes."""

    CLEAN = "clean"
    SUSPICIOUS = "suspicious"
    MALICIOUS = "malicious"
    CANNOT_JUDGE = "cannot-judge"


_AGAINST = Polarity.AGAINST  # to name it at every finding takes time
_LEVELS = (Level.SAFE, *map(Level, LEVELS))  # in the order of the thresholds
VERDICTS = {
    Level.SAFE: Verdict.CLEAN,
    Level.LOW: Verdict.CLEAN,
    Level.MEDIUM: Verdict.SUSPICIOUS,
    Level.HIGH: Verdict.SUSPICIOUS,
    Level.CRITICAL: Verdict.MALICIOUS,
    None: Verdict.CANNOT_JUDGE,
}


class WeighedFinding(NamedTuple):
    """A finding, what it contributes, and what the verdict would be without it."""

    finding: Finding
    number: int  # from 1: for phishing by points, then against it
    points: int  # its share of the score; negative when it speaks against phishing
    without_score: int
    without_level: Level | None
    without_verdict: Verdict


class Assessment(NamedTuple):
    """A verdict and everything it rests on."""

    verdict: Verdict
    level: Level | None  # None when it cannot be judged
    score: int  # `base` and the points of the findings, exactly
    risk: float  # probability of phishing in a half-and-half mix, three decimals
    findings: tuple[WeighedFinding, ...]
    not_checked: tuple[NotChecked, ...]
    ruleset: str
    ruleset_hash: str
    summary: Sentence  # the verdict and its reason
    why: Sentence  # how the score came about
    base: int = 0
    lead: int = 0  # number of the finding that the summary tells; 0: of none


class _Weight(NamedTuple):
    """What a finding would weigh if it stood alone."""

    rule: str
    amount: int  # never negative
    is_against: bool
    group: Group | None  # of rules that are capped together


def assess(
    findings: Iterable[Finding], not_checked: Iterable[NotChecked], ruleset: Ruleset
) -> Assessment:
    """Weigh the findings; the same ones always give the same assessment."""
    seen = tuple(_readable(finding) for finding in findings)
    open_ends = tuple(not_checked)
    blocked = any(entry.blocks_verdict for entry in open_ends)
    weighed = _explain(seen, blocked, ruleset)
    score = ruleset.base + sum(each.points for each in weighed)
    level = level_for(score, _steps(ruleset), blocked=blocked)
    lead = _lead(weighed, ruleset)
    return Assessment(
        verdict=VERDICTS[level],
        level=level,
        score=score,
        risk=risk_for(score, ruleset, blocked=blocked),
        findings=weighed,
        not_checked=open_ends,
        ruleset=ruleset.version,
        ruleset_hash=ruleset.hash,
        summary=_summary(VERDICTS[level], lead, open_ends),
        why=_why(score, weighed, ruleset),
        base=ruleset.base,
        lead=lead.number if lead else 0,
    )


def contributions(findings: Iterable[Finding], ruleset: Ruleset) -> list[int]:
    """Say what each finding adds to the score; negative for those against."""
    return _shares(_weights(findings, ruleset), ruleset)


def level_for(
    score: int, steps: Sequence[int], *, blocked: bool = False
) -> Level | None:
    """Name the level of a score; None when a blocked check forbids calling it clean.

    The steps are the least scores of the levels above the first.
    """
    level = _LEVELS[bisect_right(steps, score)]
    return None if blocked and VERDICTS[level] is Verdict.CLEAN else level


def _steps(ruleset: Ruleset) -> tuple[int, ...]:
    return tuple(ruleset.thresholds.values())


def risk_for(score: int, ruleset: Ruleset, *, blocked: bool = False) -> float:
    """Turn a score into the probability of phishing in a half-and-half mix."""
    distance = (score - ruleset.risk_midpoint) / ruleset.risk_scale
    risk = 1 / (1 + math.exp(-max(-30.0, min(30.0, distance))))
    risk = round(max(LEAST_RISK, min(1 - LEAST_RISK, risk)), 3)
    return max(risk, EVEN) if blocked else risk


def readable(sentence: str) -> str:
    """Keep out of a sentence what a sender could turn it round or be opened with."""
    told = str(sentence)
    if not told.isprintable():
        told = "".join(char for char in told if char.isprintable())
    told = spoken(told[: 2 * LONGEST_SUMMARY])
    if len(told) > LONGEST_SUMMARY:
        told = f"{told[: LONGEST_SUMMARY - 2]}…."
    return told


def _readable(finding: Finding) -> Finding:
    told = readable(finding.summary)
    if told == finding.summary:
        return finding
    summary = finding.summary.worded(told)
    return Finding(
        finding.rule, summary, finding.evidence, finding.polarity, finding.version
    )


def _weights(findings: Iterable[Finding], ruleset: Ruleset) -> list[_Weight]:
    """What each finding would weigh alone, and with which others it is capped."""
    weights = []
    for finding in findings:
        rule, is_against = finding.rule, finding.polarity is _AGAINST
        table = ruleset.points_against if is_against else ruleset.points_for
        group = ruleset.group_of.get(rule)
        weights.append(_Weight(rule, table.get(rule, 0), is_against, group))
    return weights


def _shares(weights: Sequence[_Weight], ruleset: Ruleset) -> list[int]:
    """What each adds to the score: a rule counts once, a group up to its cap."""
    points: list[int] = []
    counted: set[str] = set()
    against: list[int] = []
    members: dict[str, tuple[int, list[int]]] = {}
    for index, (rule, amount, is_against, group) in enumerate(weights):
        points.append(0 if rule in counted else amount)
        counted.add(rule)
        if is_against:
            against.append(index)
        elif group is not None:
            members.setdefault(group.name, (group.cap, []))[1].append(index)
    for cap, indexes in members.values():
        _cap(points, indexes, cap)
    is_honest = ruleset.deceits.isdisjoint(counted)
    cap = ruleset.against_cap if is_honest else ruleset.against_cap_deceit
    _cap(points, against, cap)
    for index in against:
        points[index] = -points[index]
    return points


def _cap(points: list[int], members: list[int], cap: int) -> None:
    if sum([points[index] for index in members]) <= cap:
        return
    # The heaviest keep their weight, so that the reason shown first is the real one.
    left = cap
    for index in sorted(members, key=lambda i: (-points[i], i)):
        points[index] = min(points[index], left)
        left -= points[index]


def _explain(
    findings: Sequence[Finding], blocked: bool, ruleset: Ruleset
) -> tuple[WeighedFinding, ...]:
    weights = _weights(findings, ruleset)
    points = _shares(weights, ruleset)
    order = sorted(
        range(len(findings)),
        key=lambda i: (weights[i].is_against, -abs(points[i]), i),
    )
    others, steps = _Others(weights, ruleset), _steps(ruleset)
    explained = []
    for number, index in enumerate(order, 1):
        score = ruleset.base + others.points_without(index)
        level = level_for(score, steps, blocked=blocked)
        explained.append(
            WeighedFinding(
                findings[index], number, points[index], score, level, VERDICTS[level]
            )
        )
    return tuple(explained)


class _Others:
    """What all findings but one add up to.

    Those that are capped together weigh their sum or the cap; so sums tell what is
    left without one. Where a rule spoke twice, the second finding takes its place.
    """

    def __init__(self, weights: Sequence[_Weight], ruleset: Ruleset) -> None:
        self._weights, self._ruleset = weights, ruleset
        rules = [each.rule for each in weights]
        self._has_doubles = len(set(rules)) < len(rules)
        self._deceits = len(ruleset.deceits.intersection(rules))
        self._added = self._taken = 0
        self._together: dict[str, int] = {}  # of each group, before it is capped
        for _, amount, is_against, group in weights:
            if is_against:
                self._taken += amount
            elif group is None:
                self._added += amount
            else:
                before = self._together.get(group.name, 0)
                self._together[group.name] = before + amount
                self._added += _more(before, amount, group.cap)

    def points_without(self, index: int) -> int:
        """The points of all but this one."""
        rule, amount, is_against, group = self._weights[index]
        if self._has_doubles:
            others = [*self._weights[:index], *self._weights[index + 1 :]]
            return sum(_shares(others, self._ruleset))
        added, taken = self._added, self._taken
        if is_against:
            taken -= amount
        elif group is None:
            added -= amount
        else:
            added -= _more(self._together[group.name] - amount, amount, group.cap)
        is_honest = self._deceits == (rule in self._ruleset.deceits)
        ruleset = self._ruleset
        cap = ruleset.against_cap if is_honest else ruleset.against_cap_deceit
        return added - min(taken, cap)


def _more(before: int, amount: int, cap: int) -> int:
    """What an amount adds to others under one cap."""
    return min(before + amount, cap) - min(before, cap)


def _lead(weighed: Sequence[WeighedFinding], ruleset: Ruleset) -> WeighedFinding | None:
    """The finding that says best what the deceit is, among the weighty ones.

    What weighs less than half of the heaviest is no reason for the verdict.
    """
    heaviest = max((each.points for each in weighed), default=0)
    weighty = [each for each in weighed if each.points > 0]
    told = [each for each in weighty if 2 * each.points >= heaviest]
    return min(told, key=lambda each: _rank(each.finding.rule, ruleset), default=None)


def _rank(rule: str, ruleset: Ruleset) -> int:
    if rule in ruleset.telling:
        return 0
    return 2 if rule in ruleset.passing else 1


def _summary(
    verdict: Verdict, top: WeighedFinding | None, open_ends: Sequence[NotChecked]
) -> Sentence:
    if verdict is Verdict.CANNOT_JUDGE:
        blocking = next(entry for entry in open_ends if entry.blocks_verdict)
        return _UNJUDGED.filled(told=_inner(blocking.reason))
    if verdict is Verdict.CLEAN:
        return _LITTLE.filled(told=_inner(top.finding.summary)) if top else _NOTHING
    told = _MALICIOUS if verdict is Verdict.MALICIOUS else _SUSPICIOUS
    return told.filled(told=_inner(top.finding.summary if top else _HIGH))


def _why(score: int, weighed: Sequence[WeighedFinding], ruleset: Ruleset) -> Sentence:
    added = _count([each.points for each in weighed if each.points > 0], _FOR)
    taken = _count([-each.points for each in weighed if each.points < 0], _TAKEN)
    if ruleset.base:
        base = ruleset.base
        told = _SUM_FROM.filled(added=added, taken=taken, base=base, score=score)
    else:
        told = _SUM.filled(added=added, taken=taken, score=score)
    return told.worded(told[:1].upper() + told[1:])


def _count(points: Sequence[int], told: Sequence[Sentence]) -> Sentence:
    """How many there are, in the words for none, one and more."""
    number = len(points)
    return told[min(number, 2)].filled(number=number, points=sum(points))


def _inner(sentence: Sentence) -> Sentence:
    """Fit a sentence behind a colon; what is quoted in it stays as it is."""
    bare = sentence.strip().rstrip(".")
    is_word = bare[1:2].islower() or bare.startswith("A ")
    return sentence.worded(f"{bare[:1].lower() if is_word else bare[:1]}{bare[1:]}.")
