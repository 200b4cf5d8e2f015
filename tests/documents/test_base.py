"""Keyset pages: each row once, in order, whatever shares a time or comes meanwhile."""

import random
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
    wanted = set(selection.names)
    until = selection.until or NOON + timedelta(days=365)
    found = (
        row
        for row in rows
        if wanted <= set(row["facets"])
        and selection.since <= row["received_at"] <= until
    )
    return [row["_id"] for row in sorted(found, key=key_of, reverse=True)]


def read(selection, *, size, window=NARROW, after=None):
    return page(
        stored()["email_analyses"],
        selection,
        size=size,
        after=after,
        fields=("received_at",),
        first_window=lambda _top: window,
        now=NOON,
    )


def walk(selection, *, size, window=NARROW, between=lambda: None):
    seen, after = [], None
    while True:
        found = read(selection, size=size, window=window, after=after)
        seen += [row["_id"] for row in found.rows]
        if found.after is None:
            return seen
        assert len(found.rows) == size or found.is_cut
        after = Key.parse(str(found.after))
        between()


class TestPage:
    @pytest.mark.parametrize("name", SELECTIONS)
    @pytest.mark.parametrize("size", [7, 50])
    def test_following_the_next_page_visits_each_row_once(self, rows, name, size):
        selection = SELECTIONS[name]

        assert walk(selection, size=size) == expected(rows, selection)

    @pytest.mark.parametrize(
        "window",
        [timedelta(), timedelta(milliseconds=1), *map(timedelta, (1000, 9000, 20_000))],
    )
    def test_no_guess_of_the_window_loses_a_row(self, rows, window):
        selection = SELECTIONS["a level and a word"]

        assert walk(selection, size=10, window=window) == expected(rows, selection)

    @pytest.mark.parametrize("size", [3, 25])
    def test_a_search_goes_on_where_it_was_cut(self, rows, monkeypatch, size):
        few_are_looked_at(monkeypatch)
        selection = Selection(
            {"facets": "status:done"}, {"facets": {"$all": ["level:low", "t:rare"]}}
        )

        assert read(selection, size=size, window=timedelta(hours=9)).is_cut
        assert walk(selection, size=size, window=timedelta(hours=9)) == expected(
            rows, selection
        )

    @pytest.mark.parametrize("size", [3, 25])
    def test_a_search_leaves_a_first_window_that_holds_too_much(
        self, rows, monkeypatch, size
    ):
        few_are_looked_at(monkeypatch)
        selection = Selection(
            {"facets": "status:done"}, {"facets": {"$all": ["level:low"]}}
        )
        wide = timedelta(days=20_000)
        newest = sorted(rows, key=key_of, reverse=True)[:30]
        low = [row["_id"] for row in newest if "level:low" in row["facets"]]

        found = read(selection, size=25, window=wide)

        assert [row["_id"] for row in found.rows] == low
        assert (found.is_cut, found.after) == (True, Key(*key_of(newest[-1])))
        assert walk(selection, size=size, window=wide) == expected(rows, selection)

    def test_a_search_costs_three_commands_however_much_there_is(
        self, rows, monkeypatch
    ):
        few_are_looked_at(monkeypatch)
        asked = []
        stop = connection.monitor.observe(lambda *command: asked.append(command))
        found = read(NEVER_TOGETHER, size=25, window=timedelta(hours=9))
        stop()

        assert (found.rows, found.is_cut, len(asked)) == ([], True, 3)

    def test_a_search_for_something_rare_looks_at_everything(self, rows, monkeypatch):
        few_are_looked_at(monkeypatch)
        rare = Selection({"facets": "t:none"}, {"facets": {"$all": ["level:low"]}})

        found = read(rare, size=25)

        assert (found.rows, found.after, found.is_cut) == ([], None, False)

    def test_no_window_reaches_beyond_the_beginning(self, database):
        stored()["email_analyses"].insert_one(row_at(NOON, "safe", "one"))
        other = Selection({"facets": "t:one"}, {"facets": {"$all": ["level:low"]}})

        found = read(other, size=25, window=timedelta(days=15_000))

        assert (found.rows, found.after) == ([], None)

    def test_a_quick_database_looks_at_more(self):
        assert enough(100, 0.5) == MIN_LOOKED
        assert MIN_LOOKED < enough(100, 0.002) < MAX_LOOKED
        assert enough(100, 0.000_001) == MAX_LOOKED

    def test_rows_of_one_millisecond_are_told_apart_by_their_id(self, database):
        made = [row_at(NOON) for _ in range(120)]
        stored()["email_analyses"].insert_many(made)

        assert walk(Selection({}, {}), size=50) == expected(made, Selection({}, {}))

    def test_rows_that_come_meanwhile_disturb_nobody(self, rows):
        def arrive():
            newer = row_at(NOON + timedelta(minutes=1))
            stored()["email_analyses"].insert_one(newer)

        seen = walk(Selection({}, {}), size=15, between=arrive)
        assert sorted(set(seen)) == sorted(seen)
        assert {row["_id"] for row in rows} <= set(seen)

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

    def test_a_good_guess_costs_one_query_and_a_bad_one_at_most_four(self, rows):
        asked = []
        stop = connection.monitor.observe(lambda *command: asked.append(command))
        read(Selection({}, {}), size=25, window=timedelta(days=30))
        full = len(asked)
        read(SELECTIONS["what nobody has"], size=25, window=timedelta())
        stop()

        assert (full, len(asked) - full <= 4) == (1, True)

    def test_only_the_fields_asked_for_are_read(self, rows):
        assert set(read(Selection({}, {}), size=5).rows[0]) == {"_id", "received_at"}

    def test_the_list_of_analyses_asks_the_same_way(self, rows):
        selection = select(["level:high"])
        found = Analysis.listed(selection, size=100, after=None, at=NOON)

        assert [row["_id"] for row in found.rows] == expected(rows, selection)


class TestKey:
    def test_is_read_back_as_it_was_written(self):
        key = Key(NOON + timedelta(milliseconds=123), ObjectId())

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

    def test_of_another_list_only_tells_where_to_begin(self, rows):
        foreign = Key(NOON - timedelta(days=5), ObjectId())
        found = read(SELECTIONS["everything"], size=100, after=foreign)

        assert all(row["received_at"] <= foreign.at for row in found.rows)
