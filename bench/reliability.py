"""Whether mail said to be phishing with some risk is phishing that often.

    python -m bench.reliability FOLDER [--jobs N]

FOLDER holds messages and a manifest.csv with the columns path, label (phish or ham)
and set. Each tenth of the risk is printed with what was said and what was so, in a mix
that is half phishing, as the risk is meant. On messages that the ruleset was fitted
on this flatters; `tools/calibrate.py` prints the same for sets that were held out.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dashboard.cli.analyse import readings

TENTHS = 10
BOUND = 0.1  # between what is said and what is so
WIDTH = 40  # characters of a bar


class Tenth(NamedTuple):
    """The messages whose risk lies in one tenth."""

    messages: int
    said: float  # the mean risk
    so: float  # the share that is phish, phish and ham weighing the same in all


def tenths(risks: Sequence[float], is_phish: Sequence[bool]) -> list[Tenth | None]:
    """Group messages by their risk; None where a tenth holds no message."""
    share = {True: sum(is_phish) or 1, False: len(is_phish) - sum(is_phish) or 1}
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(TENTHS)]
    for risk, label in zip(risks, is_phish, strict=True):
        rows[min(int(risk * TENTHS), TENTHS - 1)].append((risk, label))
    return [_tenth(row, share) if row else None for row in rows]


def _tenth(row: list[tuple[float, bool]], share: dict[bool, int]) -> Tenth:
    weights = [1 / share[label] for _risk, label in row]
    total = sum(weights)
    said = sum(w * risk for w, (risk, _label) in zip(weights, row, strict=True))
    so = sum(w for w, (_risk, label) in zip(weights, row, strict=True) if label)
    return Tenth(len(row), said / total, so / total)


def chart(found: Sequence[Tenth | None]) -> Iterator[str]:
    """A line a tenth: what was said, what was so, and a bar of each."""
    for place, tenth in enumerate(found):
        name = f"{place / TENTHS:.1f} to {(place + 1) / TENTHS:.1f}"
        if tenth is None:
            yield f"{name}  no message"
            continue
        bar = "#" * round(tenth.so * WIDTH)
        mark = round(tenth.said * WIDTH)
        bar = f"{bar:{WIDTH + 1}}"
        is_off = abs(tenth.said - tenth.so) > BOUND
        yield (
            f"{name}  n={tenth.messages:6}  said {tenth.said:.2f}  is {tenth.so:.2f}"
            f"  {bar[:mark]}|{bar[mark + 1 :]}{'  OFF' if is_off else ''}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    told = parser.parse_args()
    with (told.folder / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    paths = (str(told.folder / row["path"]) for row in rows)
    risks, labels = [], []
    for row, reading in zip(rows, readings(paths, jobs=told.jobs), strict=True):
        if reading.assessment is not None:
            risks.append(reading.assessment.risk)
            labels.append(row["label"] == "phish")
    print("\n".join(chart(tenths(risks, labels))))
    print(f"bound: {BOUND} between what is said (|) and what is so (#)")


if __name__ == "__main__":
    main()
