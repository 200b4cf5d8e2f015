"""What each rule should weigh, learned without letting one set or campaign decide."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

PARTS = 5  # of a set that is the only one of its label
POINTS = 9.0  # that one unit of a logistic weight stands for
UNKNOWN = 8  # points a rule is thought to weigh before anything is learned


class Seen(NamedTuple):
    """What the rules saw in one message, or in one copy of it."""

    path: str
    source: str  # the set it was found in
    is_phish: bool
    group: int  # of near-duplicates
    kind: str  # "original", or how the copy was made
    rules: tuple[str, ...]


def pieces(seen: Sequence[Seen]) -> Iterator[tuple[str, set[int]]]:
    """What is held out in turn: each set, and parts of one without a second."""
    labels = {(each.is_phish, each.source) for each in seen}
    for is_phish, source in sorted(labels):
        held = [at for at, each in enumerate(seen) if each.source == source]
        if sum(label == is_phish for label, _ in labels) > 1:
            yield source, set(held)
            continue
        for part in range(PARTS):
            yield (
                f"{source} {part + 1}/{PARTS}",
                {at for at in held if seen[at].group % PARTS == part},
            )


def fit(
    seen: Sequence[Seen],
    prior: Mapping[str, int],
    against: Collection[str],
    *,
    hold: float,
) -> dict[str, int]:
    """Points for every rule: those against phishing never add, the others never take.

    `hold` says how hard it is to move a weight away from `prior`, in points. A rule
    that people gave none only tells something, and gains none.
    """
    names = sorted({rule for each in seen for rule in each.rules} | prior.keys())
    table = _table(seen, names)
    signs = np.array([-1.0 if name in against else 1.0 for name in names])
    start = np.array([prior.get(name, UNKNOWN) / POINTS for name in names])
    labels = np.array([1.0 if each.is_phish else -1.0 for each in seen])
    weights = _weights(seen)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        margin = labels * (table @ (point[:-1] * signs) + point[-1])
        slope = -weights * labels / (1 + np.exp(np.clip(margin, -30, 30)))
        moved = point[:-1] - start
        total = weights @ np.logaddexp(0, -margin) + hold * moved @ moved
        return total, np.append(
            (table.T @ slope) * signs + 2 * hold * moved, slope.sum()
        )

    free = [(0.0, 0.0 if prior.get(name) == 0 else None) for name in names]
    bounds = [*free, (None, None)]
    found = minimize(
        loss, np.append(start, -2.0), jac=True, method="L-BFGS-B", bounds=bounds
    )
    points = np.rint(found.x[:-1] * POINTS)
    return {name: int(value) for name, value in zip(names, points, strict=True)}


def curve(scores: Sequence[int], is_phish: Sequence[bool]) -> tuple[float, float]:
    """Midpoint and scale of the risk, for a mix that is half phishing."""
    model = LogisticRegression(C=1e6, class_weight="balanced")
    model.fit(np.array(scores, dtype=float).reshape(-1, 1), is_phish)
    steepness = max(float(model.coef_[0, 0]), 1e-3)
    return -float(model.intercept_[0]) / steepness, 1 / steepness


def _table(seen: Sequence[Seen], names: Sequence[str]) -> csr_matrix:
    at = {name: column for column, name in enumerate(names)}
    spots = [
        (row, at[rule]) for row, each in enumerate(seen) for rule in set(each.rules)
    ]
    rows, columns = zip(*spots, strict=True) if spots else ((), ())
    return csr_matrix(
        (np.ones(len(spots)), (rows, columns)), shape=(len(seen), len(names))
    )


def _weights(seen: Sequence[Seen]) -> np.ndarray:
    """A campaign counts as the root of its size; either label as one half."""
    sizes = Counter((each.kind, each.group) for each in seen)
    raw = np.array([sizes[each.kind, each.group] ** -0.5 for each in seen])
    is_phish = np.array([each.is_phish for each in seen])
    totals = np.where(is_phish, raw[is_phish].sum(), raw[~is_phish].sum())
    return 0.5 * raw / totals
