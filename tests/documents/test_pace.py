"""Lists nobody counts by day learn how far back a page reaches."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from bson import ObjectId

from dashboard.documents import base
from dashboard.documents.base import BEGINNING, Selection
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.pace import MAX_KINDS, Pace
from tests.web.test_costs import counting

ALL = Selection({}, {})
RISING = Selection({}, {}, is_rising=True)
AT = now()


@pytest.fixture
def pace(database):
    return Pace(timedelta(hours=1))


def stock(*ages, **fields):
    """Rows that are so many seconds old."""
    made = {age: AT - timedelta(seconds=age) for age in ages}
    stored()["open_sessions"].insert_many(
        [
            {"_id": ObjectId(), "created_at": at, "age": age} | fields
            for age, at in made.items()
        ]
    )


def read(pace, *, after=None, size=10, selection=ALL, begin=BEGINNING):
    """The ages on a page, the key of the next one, and what it cost."""
    with counting() as asked:
        page = pace.page(
            stored()["open_sessions"],
            selection,
            size=size,
            begin=begin,
            after=after,
            fields=["age"],
            now=AT,
            by="created_at",
        )
    return [row["age"] for row in page.rows], page.after, len(asked)


@pytest.mark.parametrize("step", [1, 60, 3600, 86_400, 1_000_000])
def test_a_page_costs_one_query_once_one_was_read(pace, step):
    stock(*range(0, 60 * step, step))
    first = read(pace)

    ages, after, cost = read(pace)

    assert (ages, cost) == (first[0], 1)
    assert read(pace, after=after)[2] == 1


def test_a_short_list_costs_one_query_once_it_was_read(pace):
    stock(1, 100_000, 200_000_000)
    read(pace)

    assert read(pace) == ([1, 100_000, 200_000_000], None, 1)


@pytest.mark.parametrize("seed", range(5))
def test_every_row_is_shown_once_in_its_order(pace, seed):
    random = Random(seed)  # noqa: S311 - rows, not secrets
    ages = sorted({int(10 ** random.uniform(0, 8.7)) for _ in range(80)})
    stock(*ages)
    for _turn in range(2):
        seen, after = [], None
        while True:
            shown, after, cost = read(pace, after=after, size=7)
            seen += shown
            assert cost <= 4
            if after is None:
                break
        assert seen == ages


@pytest.mark.parametrize("step", [1, 60, 3600, 86_400])
def test_a_page_of_a_rising_list_costs_one_query_once_one_was_read(pace, step):
    stock(*range(0, 60 * step, step))
    begin = AT - timedelta(seconds=60 * step)
    first, _after, cost = read(pace, selection=RISING, begin=begin)

    ages, after, again = read(pace, selection=RISING, begin=begin)

    assert first == ages == [step * age for age in range(59, 49, -1)]
    assert (cost <= 4, again) == (True, 1)
    assert read(pace, selection=RISING, begin=begin, after=after)[2] == 1


@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_a_rising_list_is_shown_once_in_its_order(pace, seed):
    random = Random(seed)  # noqa: S311 - rows, not secrets
    ages = sorted({int(10 ** random.uniform(0, 8.7)) for _ in range(80)})
    stock(*ages)
    read(pace, size=7)  # what is learned of the newest first is of no use here
    for begin in (BEGINNING, AT - timedelta(seconds=ages[-1])):
        seen, after = [], None
        while not seen or after:
            found = read(pace, after=after, size=7, selection=RISING, begin=begin)
            shown, after, cost = found
            seen += shown
            assert cost <= 4
        assert seen == ages[::-1]


def test_a_rising_list_whose_oldest_rows_are_gone_is_read_whole(pace):
    stock(*range(0, 6000, 100))
    read(pace, selection=RISING, begin=AT - timedelta(seconds=6000))
    stored()["open_sessions"].delete_many({"age": {"$gte": 3000}})

    ages, after, cost = read(pace, selection=RISING, begin=AT - timedelta(seconds=3000))

    assert (ages, cost <= 4) == (list(range(2900, 1900, -100)), True)
    assert after.is_rising


def test_a_later_page_learns_from_later_ones_and_not_from_the_newest(pace):
    stock(*range(0, 100_000, 10_000), *range(200_000, 200_400))
    _shown, after, _cost = read(pace)
    after = read(pace, after=after)[1]
    read(pace)

    shown, _after, cost = read(pace, after=after)

    assert (len(shown), cost) == (10, 1)
    kind = ("created_at", "10")
    assert pace._spans[*kind, "later"] < timedelta(minutes=1) < pace._spans[kind]


def test_rows_that_come_later_are_shown(pace):
    stock(*range(1000, 3000, 100))
    read(pace)
    stock(*range(10))

    assert read(pace)[0] == list(range(10))


def test_what_is_learned_stays_bounded(pace):
    for size in range(1, MAX_KINDS + 20):
        pace._bottoms[("x", str(size))] = AT
    stock(1)
    read(pace)

    assert len(pace._bottoms) == 1


def search(pace, *, after=None, is_rising=False):
    """What a search for an odd age shows, and what it cost."""
    with counting() as asked:
        page = pace.page(
            stored()["open_sessions"],
            Selection({"kind": "common"}, {"age": 1}, is_rising=is_rising),
            size=10,
            after=after,
            begin=AT - timedelta(seconds=60_000),
            fields=["age"],
            now=AT,
            by="created_at",
        )
    return page, len(asked)


def test_a_search_of_a_short_list_looks_at_all_of_it_at_once(pace):
    stock(*range(0, 20_000_000, 1_000_000), 1, kind="common")
    search(pace)  # asks once how long the list is

    page, cost = search(pace)

    assert ([row["age"] for row in page.rows], page.after, cost) == ([1], None, 1)


def test_a_search_of_a_long_list_is_cut_after_three_commands(pace):
    stock(*range(60, 60 * 1000, 60), kind="common")
    search(pace)
    search(pace)  # the first two ask how long the list is

    page, cost = search(pace)

    assert (page.rows, page.is_cut) == ([], True)
    assert cost <= 3
    assert AT - page.after.at < timedelta(seconds=60 * 900)


def test_the_same_search_of_a_long_list_looks_as_far_back_with_one_command(pace):
    stock(*range(60, 60 * 1000, 60), kind="common")
    search(pace)
    first, _cost = search(pace)  # the one before asked how long the list is

    page, cost = search(pace)

    assert (page.rows, page.is_cut, page.after.at, cost) == (
        [],
        True,
        first.after.at,
        1,
    )


WORDS = Selection({"facets": "t:common"}, {"facets": {"$all": ["t:rarer", "level:a"]}})


def find(pace, selection=WORDS, **asked):
    """The ages a search for words finds, and by what each of its reads is bounded."""
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        within = base._Reader._within
        patch.setattr(
            base._Reader,
            "_within",
            lambda reader, *at: (
                seen.append(reader.selection.bound) or within(reader, *at)
            ),
        )
        rows = stored()["open_sessions"]
        told = {"size": 10, "after": None, "fields": ["age"], "now": AT} | asked
        page = pace.page(rows, selection, by="created_at", **told)
    return [row["age"] for row in page.rows], [
        bound["facets"] for bound in seen if bound
    ]


def worded(count=600):
    """Rows a minute apart: all have one word, one in three the other."""
    every, third = (range(step, 60 * (count + 1), step) for step in (60, 180))
    rest = sorted({*every} - {*third})
    stock(*rest, facets=["t:common", "level:a"])
    stock(*third, facets=["t:common", "level:a", "t:rarer"])


def test_a_search_for_words_comes_to_be_bounded_by_the_rarest(pace):
    worded()
    first, _bounds = find(pace)
    for _turn in range(3):
        find(pace)

    ages, bounds = find(pace)

    assert ages == first == list(range(180, 1801, 180))
    assert bounds == ["t:rarer"]


def test_a_search_for_words_that_seldom_meet_tries_no_other(pace, monkeypatch):
    monkeypatch.setattr("dashboard.documents.pace.MAX_SECONDS", 100)
    worded()
    never = Selection({"facets": "t:common"}, {"facets": {"$all": ["t:never"]}})

    bounds = {bound for _turn in range(4) for bound in find(pace, never)[1]}

    assert bounds == {"t:common"}


def test_a_search_that_fills_its_page_is_known_however_slow_it_is(pace, monkeypatch):
    worded()
    for _turn in range(4):
        find(pace)
    monkeypatch.setattr("dashboard.documents.pace.MAX_SECONDS", -1)

    assert [find(pace)[1] for _turn in range(3)] == [["t:rarer"]] * 3


@pytest.mark.parametrize("is_rising", [False, True])
def test_a_search_for_words_shows_every_row_once_whatever_bounds_it(pace, is_rising):
    worded(200)
    every_third = list(range(180, 60 * 201, 180))
    for _turn in range(4):
        seen, after = [], None
        while True:
            page = pace.page(
                stored()["open_sessions"],
                replace(WORDS, is_rising=is_rising),
                size=7,
                after=after,
                fields=["age"],
                now=AT,
                by="created_at",
            )
            assert all(row.keys() <= {"_id", "age", "created_at"} for row in page.rows)
            seen += [row["age"] for row in page.rows]
            if not (after := page.after):
                break
        assert seen == (every_third[::-1] if is_rising else every_third)


def test_a_search_that_has_become_slow_is_learned_anew(pace, monkeypatch):
    stock(*range(60, 60 * 1000, 60), kind="common")
    monkeypatch.setattr("dashboard.documents.pace.MAX_SECONDS", -1)

    costs = [search(pace)[1] for _turn in range(4)]

    assert costs[1:] == [3, 1, 3]


@pytest.mark.parametrize("is_rising", [False, True])
def test_a_search_that_is_known_comes_to_its_end(pace, is_rising):
    stock(*range(60, 60 * 1000, 60), 1, kind="common")
    for _turn in range(2):
        page, turns = search(pace, is_rising=is_rising)[0], 1
        seen = [row["age"] for row in page.rows]
        while page.after and turns < 50:
            page, cost = search(pace, after=page.after, is_rising=is_rising)
            seen, turns = seen + [row["age"] for row in page.rows], turns + 1
            assert cost <= 4

        assert (seen, page.after) == ([1], None)


def test_a_search_of_a_list_somebody_has_looked_at_costs_three_commands(pace):
    stock(*range(60, 60 * 1000, 60), kind="common")
    read(pace)

    assert search(pace)[1] <= 3


@pytest.mark.parametrize("count", [20, 1000])
def test_asking_how_long_the_list_is_makes_no_search_dearer_than_a_list(pace, count):
    stock(*range(60, 60 * (count + 1), 60), kind="common")

    assert search(pace)[1] <= 4
