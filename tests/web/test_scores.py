"""The bar: contributions that end at the score, inside its width."""

import pytest

from dashboard.web import scores


def assessment(*points, level="critical", ruleset="2026.11.1", base=0):
    found = [{"number": n, "points": p} for n, p in enumerate(points, 1)]
    return {
        "findings": found,
        "base": base,
        "score": base + sum(points),
        "level": level,
        "ruleset": ruleset,
    }


@pytest.mark.parametrize(
    "points",
    [
        pytest.param((34, 22, 18, -6, -3), id="both"),
        pytest.param((), id="nothing"),
        pytest.param((-12, -4), id="below zero"),
        pytest.param((400, 1, 0), id="far beyond the last threshold"),
    ],
)
def test_everything_stands_inside_the_bar(points):
    bar = scores.bar(assessment(*points))

    ends = [part.x + part.width for part in (*bar.added, *bar.taken)]
    assert all(0 <= x <= 100.2 for x in [bar.x, *ends, *(t.x for t in bar.ticks)])
    assert len(bar.added) == sum(p > 0 for p in points)


def test_reasons_against_run_back_from_the_end_to_the_score():
    bar = scores.bar(assessment(30, 20, -6, -4))

    assert bar.taken[-1].x == bar.x
    assert bar.taken[0].x > bar.taken[1].x


def test_a_segment_is_as_wide_as_its_points():
    bar = scores.bar(assessment(40, 20))

    wide, narrow = (part.width + scores.GAP for part in bar.added)
    assert wide == pytest.approx(2 * narrow, abs=0.05)


def test_a_sliver_carries_no_number():
    bar = scores.bar(assessment(90, 1))

    assert [part.has_number for part in bar.added] == [True, False]


def test_the_level_reached_is_said():
    bar = scores.bar(assessment(30, level="medium"))

    assert [tick.level for tick in bar.ticks if tick.is_reached] == ["medium"]


def test_a_word_stands_where_it_has_room_alone():
    bar = scores.bar(assessment(36, 28, 20, 16, 10))

    narrow = next(tick for tick in bar.ticks if tick.level == "medium")
    assert not narrow.has_word
    assert [tick.level for tick in bar.ticks if tick.has_word][-1] == "critical"


def test_no_threshold_is_invented_for_a_ruleset_that_is_gone():
    bar = scores.bar(assessment(30, ruleset="1999.1.1"))

    assert bar.ticks == ()
    assert bar.malicious_from is None
