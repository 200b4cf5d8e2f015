"""Fits the weights of a new ruleset on messages of known kind.

    python -m tools.calibrate FOLDER VERSION [--base VERSION] [--modern SET …]
        [--token TEXT …] [--hold H] [--cache FILE] [--output FILE]

FOLDER holds messages and a manifest.csv with the columns path, label (phish or ham)
and set. Every message is examined as it is and in copies that no longer tell where it
was collected; each set is held out in turn. The same input gives the same file.
"""

import argparse
import csv
import hashlib
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from bench.detection import RECENT, cut
from bench.reliability import chart, tenths
from dashboard.domain import rulesets
from dashboard.domain.aggregator import contributions
from dashboard.domain.engine import judge
from dashboard.domain.findings import Finding, Polarity
from dashboard.domain.parsing import parse
from dashboard.domain.rulesets import Ruleset
from tools import kinship, neutral
from tools.fitting import Seen, curve, fit, pieces

HOLD = 0.01
KINDS = ("original", "bare", "exchanged", "redressed")
MALICIOUS, SUSPICIOUS, OTHERS = 0.005, 0.03, 0.10  # of good mail, at most
FEWEST = 100  # messages of a set that may decide where a level begins
_RULE = re.compile(r"(?m)^([a-z0-9-]+) = \d+$")
_HERE = Path(rulesets.__file__).parent


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in the manifest about one message."""

    path: str
    source: str
    is_phish: bool


def manifest(folder: Path) -> list[Told]:
    """Read which messages there are, in the order of their paths."""
    with (folder / "manifest.csv").open(newline="") as file:
        rows = [
            Told(r["path"], r["set"], r["label"] == "phish")
            for r in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda each: each.path)


def examined(
    folder: Path, rows: Sequence[Told], base: Ruleset, tokens: Sequence[str]
) -> list[Seen]:
    """Run the engine over every message and its copies."""
    kin = kinship.groups([kinship.keys(parse(_raw(folder, row))) for row in rows])
    lenders = {
        label: [row for row in rows if row.is_phish is label] for label in (True, False)
    }
    seen = []
    for row, group in zip(rows, kin, strict=True):
        others = lenders[not row.is_phish] or [row]
        donor = others[_number(row.path) % len(others)]
        for kind in KINDS:
            raw = _copy(kind, row.path, _raw(folder, row), _raw(folder, donor), tokens)
            found = judge(parse(raw), ruleset=base).assessment.findings
            rules = tuple(sorted({each.finding.rule for each in found}))
            seen.append(Seen(row.path, row.source, row.is_phish, group, kind, rules))
    return seen


def _copy(
    kind: str, name: str, raw: bytes, donor: bytes, tokens: Sequence[str]
) -> bytes:
    if kind == "bare":
        return neutral.bare(raw, name, tokens)
    if kind == "exchanged":
        return neutral.exchanged(raw, name, donor, tokens)
    return neutral.redressed(raw, name, tokens) if kind == "redressed" else raw


def _raw(folder: Path, row: Told) -> bytes:
    return (folder / row.path).read_bytes()


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def weighed(base: Ruleset, points: Mapping[str, int]) -> Ruleset:
    """A ruleset with other points; what is against phishing stays against it."""
    against = base.points_against.keys()
    return replace(
        base,
        points_for=MappingProxyType(
            {k: v for k, v in points.items() if k not in against}
        ),
        points_against=MappingProxyType(
            {k: v for k, v in points.items() if k in against}
        ),
    )


def score(rules: Iterable[str], ruleset: Ruleset) -> int:
    """What the product would make of these findings."""
    findings = [Finding(rule, "", (), _polarity(rule, ruleset)) for rule in rules]
    return ruleset.base + sum(contributions(findings, ruleset))


def _polarity(rule: str, ruleset: Ruleset) -> Polarity:
    return Polarity.AGAINST if rule in ruleset.points_against else Polarity.FOR


def learned(seen: Sequence[Seen], base: Ruleset, hold: float) -> dict[str, int]:
    """Points for every rule, learned from these messages."""
    prior = {**base.points_for, **base.points_against}
    return fit(seen, prior, base.points_against.keys(), hold=hold)


def held_out(
    seen: Sequence[Seen], base: Ruleset, hold: float
) -> tuple[list[int], list[str]]:
    """Each message's score by weights that never met its set or its campaign."""
    scores, names = [0] * len(seen), [""] * len(seen)
    for name, held in pieces(seen):
        kin = {seen[at].group for at in held}
        rest = [
            each
            for at, each in enumerate(seen)
            if at not in held and each.group not in kin
        ]
        ruleset = weighed(base, learned(rest, base, hold))
        for at in held:
            scores[at], names[at] = score(seen[at].rules, ruleset), name
    return scores, names


def table(
    seen: Sequence[Seen],
    scores: Sequence[int],
    names: Sequence[str],
    recent: Sequence[str],
) -> Iterator[str]:
    """Recall, or false alarms, where 1 % and 5 % of recent good mail are flagged."""
    for kind in KINDS:
        good = [
            s
            for each, s in zip(seen, scores, strict=True)
            if each.kind == kind and _is_good(each, recent)
        ]
        one, five = cut(good, 0.01), cut(good, 0.05)
        by_piece = defaultdict(list)
        for each, found, name in zip(seen, scores, names, strict=True):
            if each.kind == kind:
                by_piece[not each.is_phish, name].append(found)
        for (is_ham, name), found in sorted(by_piece.items()):
            shares = [sum(s >= t for s in found) / len(found) for t in (one, five)]
            label = "ham" if is_ham else "phish"
            yield (
                f"{kind:10} {label:5} {name:32} n={len(found):5}"
                f"  at 1 % {shares[0]:.3f}  at 5 % {shares[1]:.3f}"
            )


def _is_good(each: Seen, recent: Sequence[str]) -> bool:
    return not each.is_phish and each.source in recent


def levels(
    seen: Sequence[Seen], scores: Sequence[int], recent: Sequence[str]
) -> dict[str, int]:
    """The least score of each level, by how much good mail may reach it.

    Of the sets that are not recent the worst decides, if it is large enough to.
    """
    good: list[int] = []
    others: defaultdict[str, list[int]] = defaultdict(list)
    for each, found in zip(seen, scores, strict=True):
        if each.kind == "original" and not each.is_phish:
            (good if each.source in recent else others[each.source]).append(found)
    large = [found for found in others.values() if len(found) >= FEWEST]
    medium = max(_least(good, SUSPICIOUS), 4, *(_least(o, OTHERS) for o in large))
    critical = max(_least(good, MALICIOUS), medium + 4)
    return {
        "low": medium // 2,
        "medium": medium,
        "high": (medium + critical) // 2,
        "critical": critical,
    }


def _least(good: Sequence[int], rate: float) -> int:
    """The lowest whole score that no more than this share reaches."""
    return int(cut(good, rate)) + 1 if good else 0


def written(
    base: str, version: str, how: str, points: Mapping[str, int], ruleset: Ruleset
) -> str:
    """The text of a ruleset with new points, and how it was made on top of it."""
    _, mark, body = base.partition("\nversion = ")
    body = re.sub(r'\A"[^"]*"', f'"{version}"', body)
    known = ruleset.points_for.keys() | ruleset.points_against.keys()
    fresh = "".join(
        f"{rule} = {points[rule]}\n" for rule in sorted(points.keys() - known)
    )
    head, against, rest = body.partition("\n[points.against]\n")
    opening, heading, weights = head.partition("[points.for]\n")
    weights = weights.rstrip("\n") + "\n" + fresh
    told = _RULE.sub(lambda found: f"{found[1]} = {points[found[1]]}", weights)
    rest = _RULE.sub(lambda found: f"{found[1]} = {points[found[1]]}", rest)
    comment = "\n".join(f"# {line}".rstrip() for line in how.splitlines())
    return f"{comment}\n{mark}{opening}{heading}{told}{against}{rest}"


def with_levels(text: str, least: Mapping[str, int], risk: tuple[float, float]) -> str:
    """The text of a ruleset with other thresholds and another risk curve."""
    for name, value in least.items():
        text = re.sub(rf"(?m)^{name} = \d+$", f"{name} = {value}", text)
    for name, amount in zip(("midpoint", "scale"), risk, strict=True):
        text = re.sub(rf"(?m)^{name} = [\d.]+$", f"{name} = {amount:.1f}", text)
    return text


def stored(cache: Path | None, make: Callable[[], list[Seen]]) -> list[Seen]:
    """What an earlier run saw, or what this one does, which is kept."""
    if cache is not None and cache.is_file():
        rows = (json.loads(line) for line in cache.read_text().splitlines())
        return [Seen(*row[:5], tuple(row[5])) for row in rows]
    seen = make()
    if cache is not None:
        cache.write_text("".join(json.dumps(each) + "\n" for each in seen))
    return seen


def main(arguments: Sequence[str] | None = None) -> None:
    told = _parser().parse_args(arguments)
    base = rulesets.load(told.base)
    rows = manifest(told.folder)
    seen = stored(told.cache, lambda: examined(told.folder, rows, base, told.token))
    recent = (*RECENT, *told.modern)
    scores, names = held_out(seen, base, told.hold)
    report = list(table(seen, scores, names, recent))
    points = learned(seen, base, told.hold)
    text = (_HERE / f"{base.version}.toml").read_text()
    text = written(text, told.version, _how(told, rows, report), points, base)
    original = [at for at, each in enumerate(seen) if each.kind == "original"]
    risk = curve(
        [scores[at] for at in original], [seen[at].is_phish for at in original]
    )
    text = with_levels(text, levels(seen, scores, recent), risk)
    rulesets.parse(text.encode())
    output = told.output or _HERE / f"{told.version}.toml"
    output.write_text(text)
    sys.stdout.write("\n".join(report) + f"\n{output}\n")
    for kind in KINDS:
        held = [at for at, each in enumerate(seen) if each.kind == kind]
        said = [_risk(scores[at], *risk) for at in held]
        lines = chart(tenths(said, [seen[at].is_phish for at in held]))
        sys.stdout.write(
            f"risk of held-out messages, {kind}\n" + "\n".join(lines) + "\n"
        )


def _risk(found: int, midpoint: float, scale: float) -> float:
    return 1 / (1 + math.exp((midpoint - found) / scale))


def _how(told: argparse.Namespace, rows: Sequence[Told], report: Sequence[str]) -> str:
    return "\n".join(
        [
            f"Points fitted from ruleset {told.base} by tools/calibrate.py",
            f"(hold {told.hold}) on {len(rows)} messages; each set held out in turn:",
            *report,
        ]
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("version")
    parser.add_argument("--base", default=rulesets.CURRENT)
    parser.add_argument("--modern", nargs="*", default=[], help="further recent sets")
    parser.add_argument("--token", nargs="*", default=[], help="for removed addresses")
    parser.add_argument("--hold", type=float, default=HOLD, help="close to the base")
    parser.add_argument("--cache", type=Path, help="where findings are kept")
    parser.add_argument("--output", type=Path)
    return parser


if __name__ == "__main__":
    main()
