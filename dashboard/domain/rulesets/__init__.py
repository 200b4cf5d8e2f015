"""What each observation weighs, as versioned data: one TOML file per version."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

CURRENT = "2026.11.3"
LEVELS = ("low", "medium", "high", "critical")
_HERE = Path(__file__).parent


class RulesetInvalid(ValueError):
    """A ruleset file is missing, or says something a ruleset may not say."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that see one thing from several sides, and what they weigh together."""

    name: str
    cap: int
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything a verdict depends on besides the findings."""

    version: str
    hash: str  # SHA-256 of the file and of every table
    base: int  # the score of a message nobody says anything about
    points_for: Mapping[str, int]  # rule to the points it adds, never negative
    points_against: Mapping[str, int]  # rule to the points it takes, never negative
    thresholds: Mapping[str, int]  # level to the least score that reaches it
    groups: tuple[Group, ...]
    group_of: Mapping[str, Group]  # rule to the one group it is in
    against_cap: int  # the most that can be taken away
    against_cap_deceit: int  # the same beside a finding no honest sender causes
    deceits: frozenset[str]
    telling: frozenset[str]  # what these say is told first among weighty reasons
    passing: frozenset[str]  # and what these say last
    risk_midpoint: float  # the score at which phishing is as likely as not
    risk_scale: float


@cache
def load(version: str | None = None) -> Ruleset:
    """Read one version, the current one by default.

    Raises `RulesetInvalid` when there is no such version or a rule against
    phishing could add to the score, or one for it could take away.
    """
    path = _HERE / f"{version or CURRENT}.toml"
    if (version and version not in versions()) or not path.is_file():
        raise RulesetInvalid(f"There is no ruleset {version!r}.")
    return parse(path.read_bytes())


@cache
def table(name: str) -> dict[str, Any]:
    """Read a table of words, brands or hosts that the detectors look things up in."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text())


def versions() -> tuple[str, ...]:
    """Name every version shipped, oldest first."""
    return tuple(sorted(path.stem for path in _HERE.glob("2*.toml")))


def parse(content: bytes) -> Ruleset:
    """Build a ruleset from the bytes of its file and check it."""
    try:
        told = tomllib.loads(content.decode())
        ruleset = _ruleset(told, _digest(content))
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as fault:
        raise RulesetInvalid(f"The ruleset lacks or garbles {fault}.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise RulesetInvalid(f"The ruleset is no TOML: {fault}.") from fault
    _check(ruleset)
    return ruleset


def _digest(content: bytes) -> str:
    # The tables decide as much as the weights: a verdict can only be repeated
    # where both are the same.
    digest = hashlib.sha256(content)
    for path in sorted(_HERE.glob("[a-z]*.toml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _ruleset(told: dict[str, Any], digest: str) -> Ruleset:
    points, reasons = told["points"], told.get("reasons", {})
    groups = tuple(
        Group(name, group["cap"], frozenset(group["rules"]))
        for name, group in told["groups"].items()
    )
    return Ruleset(
        version=told["version"],
        hash=digest,
        base=told["base"],
        points_for=MappingProxyType(points["for"]),
        points_against=MappingProxyType(points["against"]),
        thresholds=MappingProxyType({k: told["levels"][k] for k in LEVELS}),
        groups=groups,
        group_of=MappingProxyType({r: group for group in groups for r in group.rules}),
        against_cap=told["against"]["cap"],
        against_cap_deceit=told["against"]["cap-beside-deceit"],
        deceits=frozenset(told["against"]["deceits"]),
        telling=frozenset(reasons.get("telling", ())),
        passing=frozenset(reasons.get("passing", ())),
        risk_midpoint=float(told["risk"]["midpoint"]),
        risk_scale=float(told["risk"]["scale"]),
    )


def _check(ruleset: Ruleset) -> None:
    amounts = {
        **ruleset.points_for,
        **ruleset.points_against,
        "against.cap": ruleset.against_cap,
        "against.cap-beside-deceit": ruleset.against_cap_deceit,
        **{f"groups.{group.name}": group.cap for group in ruleset.groups},
    }
    for name, amount in amounts.items():
        _require(type(amount) is int and amount >= 0, f"{name} is no amount of points")
    both = set(ruleset.points_for) & set(ruleset.points_against)
    _require(not both, f"{sorted(both)} would add and take away")
    _require(type(ruleset.base) is int, "base is no whole number")
    _require(ruleset.risk_scale > 0, "more points would mean less risk")
    _check_references(ruleset)


def _check_references(ruleset: Ruleset) -> None:
    least = list(ruleset.thresholds.values())
    _require(least == sorted(set(least)), "the levels do not rise")
    named = ruleset.deceits | ruleset.telling | ruleset.passing
    unknown = named - set(ruleset.points_for)
    _require(not unknown, f"rules without points: {sorted(unknown)}")
    both = ruleset.telling & ruleset.passing
    _require(not both, f"{sorted(both)} would be told first and last")
    seen: set[str] = set()
    for group in ruleset.groups:
        strangers = group.rules - set(ruleset.points_for)
        _require(not strangers, f"{group.name} names {sorted(strangers)}")
        _require(not seen & group.rules, f"{group.name} shares a rule")
        seen |= group.rules


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise RulesetInvalid(f"The ruleset is unfit: {fault}.")
