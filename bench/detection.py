"""How well the engine tells phishing from other mail, set by set.

    python -m bench.detection FOLDER [--jobs N] [--modern SET …]

FOLDER holds messages and a manifest.csv with the columns path, label (phish or ham)
and set. Prints recall at the thresholds that flag 1 % and 5 % of recent honest mail
with real headers, the product's own threshold, and the area under the curve.
"""

import argparse
import csv
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from dashboard.cli.analyse import readings
from dashboard.domain.rulesets import load

RECENT = ("ml_human_2019_2026", "ml_auto_2019_2026", "bounces_sisimai")
CRITICAL = 1.96  # of the normal distribution, for 95 %


def area(bad: Sequence[float], good: Sequence[float]) -> float:
    """The chance that a bad one ranks above a good one; a tie counts half."""
    ordered = sorted(good)
    if not bad or not ordered:
        return math.nan
    below = sum(bisect_left(ordered, s) + bisect_right(ordered, s) for s in bad)
    return below / 2 / len(bad) / len(ordered)


def cut(good: Sequence[float], rate: float) -> float:
    """The lowest threshold at which no more than this share of good mail is flagged."""
    ordered = sorted(good, reverse=True)
    spared = int(len(ordered) * rate)
    return math.nextafter(ordered[spared], math.inf) if ordered else math.inf


def share(scores: Sequence[float], threshold: float) -> str:
    """The flagged share with its 95 % score interval."""
    n = len(scores)
    if not n:
        return "-"
    p = sum(score >= threshold for score in scores) / n
    spread = CRITICAL**2 / n
    middle = (p + spread / 2) / (1 + spread)
    half = CRITICAL * math.sqrt((p * (1 - p) + spread / 4) / n) / (1 + spread)
    return f"{p:.3f} [{middle - half:.3f}, {middle + half:.3f}]"


def scored(folder: Path, jobs: int) -> dict[tuple[str, str], list[float]]:
    """Scores by label and set; a message that failed counts as the lowest."""
    with (folder / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    paths = (str(folder / row["path"]) for row in rows)
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row, reading in zip(rows, readings(paths, jobs=jobs), strict=True):
        found = reading.assessment
        score = float(found.score) if found else -math.inf
        groups[row["label"], row["set"]].append(score)
    return groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--modern", nargs="*", default=[], help="further recent sets")
    told = parser.parse_args()

    groups = scored(told.folder, told.jobs)
    recent = {*RECENT, *told.modern}
    good = [
        score
        for (label, name), found in groups.items()
        if label == "ham" and name in recent
        for score in found
    ]
    one, five = cut(good, 0.01), cut(good, 0.05)
    own = load().thresholds["critical"]
    failed = sum(score == -math.inf for found in groups.values() for score in found)
    print(
        f"real-header modern ham: {len(good)}; thresholds at 1 % {one:.4g},"
        f" at 5 % {five:.4g}; without a score: {failed}"
    )
    for (label, name), found in sorted(groups.items(), key=_phish_first):
        ranked = f"  AUC {area(found, good):.3f}" if label == "phish" else ""
        print(
            f"{label:5} {name:32} n={len(found):5}  at 1 % {share(found, one)}"
            f"  at 5 % {share(found, five)}  own threshold {share(found, own)}{ranked}"
        )


def _phish_first(item: tuple[tuple[str, str], list[float]]) -> tuple[bool, str]:
    (label, name), _ = item
    return label != "phish", name


if __name__ == "__main__":
    main()
