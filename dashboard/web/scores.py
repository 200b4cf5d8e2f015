"""The bar of a receipt: where each contribution stands, in percent of its width."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.domain import rulesets

GAP: Final = 0.2  # between two segments
LEAST: Final = 0.15  # of a segment that would vanish
ROOM_FOR_NUMBER: Final = 2.4
# What a threshold and the word of its level take where the bar is narrowest.
ROOM_FOR_WORD: Final = {"safe": 8, "low": 9, "medium": 17.5, "high": 10.5}
ROOM_FOR_ANY: Final = 17.5
ABOVE: Final = 1.12  # the bar reaches a little beyond its last threshold
SAFE: Final = "safe"


@dataclass(frozen=True, slots=True)
class Segment:
    """What one finding adds or takes away."""

    number: int
    x: float
    width: float
    has_number: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a level begins."""

    level: str
    value: int | None  # None: from the left end
    x: float
    is_reached: bool
    has_word: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Reasons for fill the upper lane, reasons against run back below them."""

    added: tuple[Segment, ...]
    taken: tuple[Segment, ...]
    score: int
    x: float  # of the score
    ticks: tuple[Tick, ...]
    malicious_from: int | None

    @property
    def side(self) -> str:
        """Where the number stands at its line, so that it is not cut."""
        return "start" if self.x < 4 else "end" if self.x > 96 else "middle"


def bar(assessment: Mapping[str, Any]) -> Bar:
    """Lay out the contributions of a stored assessment."""
    found: Sequence[Mapping[str, Any]] = assessment["findings"]
    score, base = int(assessment["score"]), int(assessment["base"])
    top = base + sum(max(each["points"], 0) for each in found)
    steps = _thresholds(assessment)
    scale = _Scale(
        min(0, base, score), max(top, score, ABOVE * steps.get("critical", 0), 1)
    )
    return Bar(
        added=tuple(_added(found, base, scale)),
        taken=tuple(_taken(found, top, scale)),
        score=score,
        x=scale.x(score),
        ticks=tuple(_ticks(steps, assessment["level"], scale)),
        malicious_from=steps.get("critical"),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        return round((value - self.low) / (self.high - self.low) * 100, 2)

    def segment(self, number: int, start: float, end: float) -> Segment:
        width = max(self.x(end) - self.x(start) - GAP, LEAST)
        has_number = width >= ROOM_FOR_NUMBER
        return Segment(number, self.x(start), round(width, 2), has_number)


def _thresholds(assessment: Mapping[str, Any]) -> Mapping[str, int]:
    """Those of the ruleset that judged, if it is still shipped unchanged."""
    try:
        ruleset = rulesets.load(assessment["ruleset"])
    except rulesets.RulesetInvalid:
        return {}
    return ruleset.thresholds if ruleset.version == assessment["ruleset"] else {}


def _added(
    found: Sequence[Mapping[str, Any]], base: int, scale: _Scale
) -> Iterator[Segment]:
    at = base
    for each in found:
        if each["points"] > 0:
            yield scale.segment(each["number"], at, at + each["points"])
            at += each["points"]


def _taken(
    found: Sequence[Mapping[str, Any]], top: int, scale: _Scale
) -> Iterator[Segment]:
    at = top
    for each in found:
        if each["points"] < 0:
            yield scale.segment(each["number"], at + each["points"], at)
            at += each["points"]


def _ticks(
    steps: Mapping[str, int], reached: str | None, scale: _Scale
) -> Iterator[Tick]:
    if not steps:
        return
    begins: list[tuple[str, int | None, float]] = [(SAFE, None, 0.0)]
    begins += [(level, value, scale.x(value)) for level, value in steps.items()]
    ends = [x for _, _, x in begins[1:]] + [100.0]
    for (level, value, x), end in zip(begins, ends, strict=True):
        has_word = end - x >= ROOM_FOR_WORD.get(level, ROOM_FOR_ANY)
        yield Tick(level, value, x, level == reached, has_word)
