"""Keyset pages: each row once, in order, whatever shares a time or comes meanwhile."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId

from dashboard.documents import base, connection
from dashboard.documents.analysis import Analysis, select
from dashboard.documents.base import (
    MAX_LOOKED,
    MIN_LOOKED,
    BadCursor,
    Key,
    Selection,
    enough,
    page,
)
from dashboard.documents.connection import database as stored

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEVELS = ("safe", "low", "medium", "high", "critical")
OLDEST = NOON - timedelta(days=10)
NARROW = timedelta(minutes=1)
SELECTIONS = {
    "everything": Selection({}, {}),
    "one level": Selection({"facets": "level:high"}, {}),
    "a level and a word": Selection(
        {"facets": "t:rare"}, {"facets": {"$all": ["level:low"]}}
    ),
    "what nobody has": Selection({"facets": "level:none"}, {}),
    "since a day": Selection({}, {}, since=NOON - timedelta(days=3)),
    "between two": Selection(
        {"facets": "status:done"},
        {},
        since=NOON - timedelta(days=9),
        until=NOON - timedelta(days=2),
    ),
}


NEVER_TOGETHER = Selection(
    {"facets": "status:done"}, {"facets": {"$all": ["level:high", "level:low"]}}
)


each_way = pytest.mark.parametrize(
    "is_rising", [False, True], ids=["newest first", "oldest first"]
)


def few_are_looked_at(monkeypatch):
    """Have a page of a search look through 30 of the 150 rows."""
    monkeypatch.setattr(base, "enough", lambda _looked, _seconds: 30)


def row_at(moment, level="safe", *words):
    facets = ["status:done", f"level:{level}", *(f"t:{word}" for word in words)]
    identity = ObjectId()
    key = {"_id": identity, "origin_key": str(identity)}
    return {**key, "received_at": moment, "facets": facets}


@pytest.fixture
def rows(database):
    """Many rows over ten days, many of them in the same millisecond."""
    chance = random.Random(7)  # noqa: S311 - places, not secrets
    made = [
        row_at(
            NOON - timedelta(hours=chance.randrange(0, 240, 8)),
            chance.choice(LEVELS),
            *(["rare"] if chance.random() < 0.1 else []),
        )
        for _ in range(150)
    ]
    stored()["email_analyses"].insert_many(made)
    return made


def key_of(row):
    return (row["received_at"], row["_id"])


def expected(rows, selection):
    """What a list of this selection shows, by sorting everything there is."""
    is_falling = not selection.is_rising
    wanted = set(selection.names)
    until = selection.until or NOON + timedelta(days=365)
    found = (
        row
        for row in rows
        if wanted <= set(row["facets"])
        and selection.since <= row["received_at"] <= until
    )
    return [row["_id"] for row in sorted(found, key=key_of, reverse=is_falling)]


def read(selection, *, size, window=NARROW, after=None, begin=OLDEST):
    return page(
        stored()["email_analyses"],
        selection,
        size=size,
        after=after,
        fields=("received_at",),
        first_window=lambda _start: window,
        now=NOON,
        begin=begin,
    )


def walk(selection, *, size, window=NARROW, begin=OLDEST, between=lambda: None):
    seen, after = [], None
    while True:
        found = read(selection, size=size, window=window, after=after, begin=begin)
        seen += [row["_id"] for row in found.rows]
        if found.after is None:
            return seen
        assert len(found.rows) == size or found.is_cut
        after = Key.parse(str(found.after))
        between()


class TestPage:
    @each_way
    @pytest.mark.parametrize("name", SELECTIONS)
    @pytest.mark.parametrize("size", [7, 50])
    def test_following_the_next_page_visits_each_row_once(
        self, rows, name, size, is_rising
    ):
        selection = replace(SELECTIONS[name], is_rising=is_rising)

        assert walk(selection, size=size) == expected(rows, selection)

    @each_way
    @pytest.mark.parametrize(
        "window",
        [timedelta(), timedelta(milliseconds=1), *map(timedelta, (1000, 9000, 20_000))],
    )
    def test_no_guess_of_the_window_loses_a_row(self, rows, window, is_rising):
        for name in ("everything", "a level and a word"):
            selection = replace(SELECTIONS[name], is_rising=is_rising)
            assert walk(selection, size=10, window=window) == expected(rows, selection)

    @pytest.mark.parametrize("begin", [base.BEGINNING, NOON, NOON + timedelta(days=9)])
    @pytest.mark.parametrize("name", ["everything", "a level and a word"])
    def test_no_guess_of_the_oldest_row_loses_one(self, rows, name, begin):
        selection = replace(SELECTIONS[name], is_rising=True)

        assert walk(selection, size=10, begin=begin) == expected(rows, selection)

    @each_way
    @pytest.mark.parametrize("size", [3, 25])
    def test_a_search_goes_on_where_it_was_cut(
        self, rows, monkeypatch, size, is_rising
    ):
        few_are_looked_at(monkeypatch)
        selection = Selection(
            {"facets": "status:done"},
            {"facets": {"$all": ["level:low", "t:rare"]}},
            is_rising=is_rising,
        )

        assert read(selection, size=size, window=timedelta(hours=9)).is_cut
        assert walk(selection, size=size, window=timedelta(hours=9)) == expected(
            rows, selection
        )

    @each_way
    @pytest.mark.parametrize("size", [3, 25])
    def test_a_search_leaves_a_first_window_that_holds_too_much(
        self, rows, monkeypatch, size, is_rising
    ):
        few_are_looked_at(monkeypatch)
        low = Selection({"facets": "status:done"}, {"facets": {"$all": ["level:low"]}})
        selection = replace(low, is_rising=is_rising)
        wide = timedelta(days=20_000)
        first = sorted(rows, key=key_of, reverse=not is_rising)[:30]
        low = [row["_id"] for row in first if "level:low" in row["facets"]]

        found = read(selection, size=25, window=wide)

        assert [row["_id"] for row in found.rows] == low
        last = Key(*key_of(first[-1]), is_rising)
        assert (found.is_cut, found.after) == (True, last)
        assert walk(selection, size=size, window=wide) == expected(rows, selection)

    @each_way
    def test_a_search_costs_three_commands_however_much_there_is(
        self, rows, monkeypatch, is_rising
    ):
        few_are_looked_at(monkeypatch)
        asked = []
        stop = connection.monitor.observe(lambda *command: asked.append(command))
        never = replace(NEVER_TOGETHER, is_rising=is_rising)
        found = read(never, size=25, window=timedelta(hours=9))
        stop()

        assert (found.rows, found.is_cut, len(asked)) == ([], True, 3)

    def test_a_search_for_something_rare_looks_at_everything(self, rows, monkeypatch):
        few_are_looked_at(monkeypatch)
        rare = Selection({"facets": "t:none"}, {"facets": {"$all": ["level:low"]}})

        found = read(rare, size=25)

        assert (found.rows, found.after, found.is_cut) == ([], None, False)

    @each_way
    def test_a_search_never_reads_all_there_is_of_what_was_common_once(
        self, database, monkeypatch, is_rising
    ):
        few_are_looked_at(monkeypatch)
        way = 1 if is_rising else -1
        begin = NOON - timedelta(days=300)
        far = begin if is_rising else NOON
        times = [far + way * timedelta(days=2, hours=n) for n in range(90)]
        stored()["email_analyses"].insert_many([row_at(at, "low", "x") for at in times])
        selection = Selection(
            {"facets": "t:x"}, {"facets": {"$all": ["level:high"]}}, is_rising=is_rising
        )
        asked = []
        stop = connection.monitor.observe(lambda *command: asked.append(command))

        found = read(selection, size=25, window=timedelta(hours=9), begin=begin)
        stop()

        assert (found.rows, found.is_cut, len(asked)) == ([], True, 2)
        assert abs(found.after.at - times[29]) <= base.TICK

    @each_way
    def test_a_search_stops_where_rows_stand_closer_than_the_first_ones(
        self, database, monkeypatch, is_rising
    ):
        few_are_looked_at(monkeypatch)
        way = 1 if is_rising else -1
        begin = NOON - timedelta(days=300)
        far = begin if is_rising else NOON
        lone = far + way * timedelta(hours=1)
        times = [far + way * timedelta(hours=10, minutes=n) for n in range(60)]
        made = [row_at(at, "low", "x") for at in (lone, *times)]
        stored()["email_analyses"].insert_many(made)
        selection = Selection(
            {"facets": "t:x"}, {"facets": {"$all": ["level:high"]}}, is_rising=is_rising
        )

        found = read(selection, size=25, window=timedelta(hours=9), begin=begin)

        assert (found.rows, found.is_cut) == ([], True)
        assert abs(found.after.at - times[29]) <= base.TICK

    def test_no_window_reaches_beyond_the_beginning(self, database):
        stored()["email_analyses"].insert_one(row_at(NOON, "safe", "one"))
        other = Selection({"facets": "t:one"}, {"facets": {"$all": ["level:low"]}})

        found = read(other, size=25, window=timedelta(days=15_000))

        assert (found.rows, found.after) == ([], None)

    def test_a_quick_database_looks_at_more(self):
        assert enough(100, 0.5) == MIN_LOOKED
        assert MIN_LOOKED < enough(100, 0.002) < MAX_LOOKED
        assert enough(100, 0.000_001) == MAX_LOOKED

    @each_way
    def test_rows_of_one_millisecond_are_told_apart_by_their_id(
        self, database, is_rising
    ):
        made = [row_at(NOON) for _ in range(120)]
        stored()["email_analyses"].insert_many(made)
        every = Selection({}, {}, is_rising=is_rising)

        assert walk(every, size=50) == expected(made, every)

    @pytest.mark.parametrize("is_rising", [False, True])
    def test_a_search_goes_on_among_rows_of_one_millisecond(
        self, database, monkeypatch, is_rising
    ):
        few_are_looked_at(monkeypatch)
        made = [row_at(NOON, "low", "rare") for _ in range(100)]
        stored()["email_analyses"].insert_many(made)
        selection = Selection(
            {"facets": "t:rare"},
            {"facets": {"$all": ["level:low"]}},
            is_rising=is_rising,
        )

        seen = walk(selection, size=7, window=timedelta(days=9000))

        assert sorted(seen) == sorted(row["_id"] for row in made)

    def test_rows_that_come_meanwhile_disturb_nobody(self, rows):
        def arrive():
            newer = row_at(NOON + timedelta(minutes=1))
            stored()["email_analyses"].insert_one(newer)

        seen = walk(Selection({}, {}), size=15, between=arrive)
        assert sorted(set(seen)) == sorted(seen)
        assert {row["_id"] for row in rows} <= set(seen)

    def test_rows_that_come_meanwhile_stand_at_the_end_of_a_rising_list(self, rows):
        later = []

        def arrive():
            later.append(row_at(NOON + timedelta(minutes=len(later))))
            stored()["email_analyses"].insert_one(later[-1])

        rising = Selection({}, {}, is_rising=True)
        seen = walk(rising, size=50, between=lambda: len(later) < 20 and arrive())
        assert seen == expected([*rows, *later], rising)

    def test_a_thousand_rows_are_visited_once_while_more_come(self, database):
        made = [row_at(NOON - timedelta(minutes=n // 3)) for n in range(1001)]
        stored()["email_analyses"].insert_many(made)
        later = iter(range(1, 100))

        def arrive():
            newer = row_at(NOON + timedelta(seconds=next(later)))
            stored()["email_analyses"].insert_one(newer)

        seen = walk(Selection({}, {}), size=50, between=arrive)
        assert seen == expected(made, Selection({}, {}))

    def test_an_exactly_full_last_page_has_no_next(self, database):
        stored()["email_analyses"].insert_many([row_at(NOON) for _ in range(50)])

        assert read(Selection({}, {}), size=50).after is None

    @each_way
    def test_a_good_guess_costs_one_query_and_a_bad_one_at_most_four(
        self, rows, is_rising
    ):
        asked, nobody = [], SELECTIONS["what nobody has"]
        stop = connection.monitor.observe(lambda *command: asked.append(command))
        every = Selection({}, {}, is_rising=is_rising)
        read(every, size=25, window=timedelta(days=30))
        full = len(asked)
        read(replace(nobody, is_rising=is_rising), size=25, window=timedelta())
        stop()

        assert (full, len(asked) - full <= 4) == (1, True)

    def test_only_the_fields_asked_for_are_read(self, rows):
        assert set(read(Selection({}, {}), size=5).rows[0]) == {"_id", "received_at"}

    @each_way
    def test_the_list_of_analyses_asks_the_same_way(self, rows, is_rising):
        selection = replace(select(["level:high"]), is_rising=is_rising)
        found = Analysis.listed(selection, size=100, after=None, at=NOON)

        assert [row["_id"] for row in found.rows] == expected(rows, selection)


class TestKey:
    @each_way
    def test_is_read_back_as_it_was_written(self, is_rising):
        key = Key(NOON + timedelta(milliseconds=123), ObjectId(), is_rising)

        assert Key.parse(str(key)) == key

    @pytest.mark.parametrize(
        "text",
        [
            *("", "x", "AAAA", "é", "A" * 27, "A" * 28, "=" * 28, "../..", "\x00"),
            *("_" * 27, "f" * 24, '{"$gt": ""}', "A" * 10_000),
        ],
    )
    def test_that_no_page_wrote_is_refused_or_a_real_place(self, text):
        try:
            found = Key.parse(text)
        except BadCursor:
            return
        assert isinstance(found.id, ObjectId)

    def test_that_is_no_key_is_refused(self):
        for text in ("", "x", "é", "1e18", "A" * 26, "A" * 40):
            with pytest.raises(BadCursor):
                Key.parse(text)

    @each_way
    def test_of_the_other_order_is_refused(self, database, is_rising):
        foreign = Key(NOON, ObjectId(), not is_rising)

        with pytest.raises(BadCursor):
            read(Selection({}, {}, is_rising=is_rising), size=25, after=foreign)

    def test_of_another_list_only_tells_where_to_begin(self, rows):
        foreign = Key(NOON - timedelta(days=5), ObjectId())
        found = read(SELECTIONS["everything"], size=100, after=foreign)

        assert all(row["received_at"] <= foreign.at for row in found.rows)
