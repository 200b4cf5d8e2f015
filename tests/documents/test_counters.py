"""Counters follow the rows; the histogram made of them only guesses."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.documents import counters
from dashboard.documents.analysis import Analysis, select
from dashboard.documents.connection import client
from dashboard.documents.connection import database as stored
from dashboard.documents.counters import Move, by_day, day_of, histogram
from dashboard.documents.transactions import transact
from tests import factories

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = "2026-11-20"


def count(received_at=NOON, **changes):
    transact(lambda session: counters.change(received_at, session=session, **changes))


@pytest.fixture
def own_share(monkeypatch):
    """This thread begins with the first share; where that is held, the next is it."""
    vars(counters._mine).clear()
    turns = itertools.count()
    monkeypatch.setattr(counters.secrets, "randbelow", lambda _: next(turns))
    yield
    vars(counters._mine).clear()


class TestCounters:
    def test_add_up_what_came_and_what_went(self, database):
        for _ in range(20):
            count(come=["level:high", "status:pending"], received=1)
        count(gone=["status:pending"], come=["status:done"])

        day = by_day()[TODAY]
        assert day["received"] == 20
        assert day["facets"]["status:pending"] == 19
        assert day["facets"]["status:done"] == 1

    def test_move_many_rows_as_they_move_each(self, database):
        worst = ["level:critical", "signal:link-ip-host"]
        moves = [Move(NOON, come=worst, received=1) for _ in range(3)]
        moves += [Move(NOON - timedelta(days=1), come=["signal:link-ip-host"])]
        transact(lambda session: counters.change_all(moves, session))
        for move in moves:
            count(move.received_at, gone=move.come, received=-move.received)

        named = {n: c for day in by_day().values() for n, c in day["facets"].items()}
        assert set(named) == {*worst, "worst:link-ip-host"}
        assert set(named.values()) == {0}

    def test_leave_words_and_senders_uncounted(self, database):
        count(come=["t:lunch", "domain:example.org", "by:1", "level:low"], received=1)

        assert set(by_day()[TODAY]["facets"]) == {"level:low"}

    def test_change_nothing_when_the_work_around_them_fails(self, database):
        def work(session):
            counters.change(NOON, received=1, session=session)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            transact(work)
        assert by_day() == {}

    def test_are_written_to_one_share_by_one_thread(self, database, own_share):
        for _ in range(9):
            count(received=1)

        assert [row["_id"] for row in stored()["daily_counters"].find({})] == [
            f"{TODAY}/0"
        ]

    def test_that_somebody_holds_are_left_for_others(self, database, own_share):
        count(received=1)
        with client().start_session() as theirs, theirs.start_transaction():
            held = {"_id": f"{TODAY}/0"}
            change = {"$inc": {"received": 1}}
            stored()["daily_counters"].update_one(held, change, session=theirs)
            count(received=1)
            count(received=1)

        shares = {r["_id"]: r["received"] for r in stored()["daily_counters"].find({})}
        assert shares == {f"{TODAY}/0": 2, f"{TODAY}/1": 2}

    def test_equal_the_rows_after_people_worked(self, app, database):
        owner = factories.account("analyst")
        for _ in range(5):
            factories.submitted(owner)

        rows = list(stored()["email_analyses"].find({}))
        day = by_day()[day_of(rows[0]["received_at"])]
        assert day["received"] == len(rows) == 5
        assert day["facets"] == {"status:pending": 5}

    def test_are_one_day_each_in_utc(self):
        assert day_of(datetime(2026, 11, 20, 23, 59, 59, 999000, UTC)) == TODAY


class TestHistogram:
    @pytest.fixture(autouse=True)
    def fresh(self, database):
        histogram.forget()

    def test_sees_a_full_page_within_a_busy_day(self):
        count(received=4000)

        assert histogram.first_window([], NOON) < timedelta(hours=1)

    def test_looks_further_back_where_days_are_quiet(self):
        for back in range(30):
            count(NOON - timedelta(days=back), received=4)

        assert timedelta(days=5) < histogram.first_window([], NOON) < timedelta(days=20)

    def test_widens_for_a_facet_few_rows_have(self):
        for back in range(20):
            day = NOON - timedelta(days=back)
            for _ in range(4):
                count(day, received=50, come=["level:high"])

        everything = histogram.first_window([], NOON)
        few = histogram.first_window(["level:high"], NOON)
        assert few > everything

    def test_takes_the_rarest_facet_to_bound_a_list(self):
        count(come=["level:high"], received=1)
        for _ in range(3):
            count(come=["status:done"], received=1)

        found = select(["status:done", "level:high"])
        assert found.bound == {"facets": "level:high"}
        assert select(["status:done", "t:word"]).bound == {"facets": "t:word"}

    @pytest.mark.parametrize("lie", [10**9, 0, -5])
    def test_that_is_wrong_loses_no_row(self, lie):
        owner = factories.account("analyst")
        ids = {factories.submitted(owner) for _ in range(30)}
        stored()["daily_counters"].update_many({}, {"$set": {"received": lie}})
        histogram.forget()

        later = factories.later(seconds=1)
        found = Analysis.listed(select([]), size=50, after=None, at=later)
        assert {str(row["_id"]) for row in found.rows} == ids

    def test_is_read_once_in_half_a_minute(self):
        histogram.total("level:high")
        count(come=["level:high"], received=1)

        assert histogram.total("level:high") == 0

    def test_tells_between_which_times_the_oldest_lie(self):
        first = NOON - timedelta(days=9)
        for back in (9, 8, 3):
            for _ in range(2):
                count(NOON - timedelta(days=back), come=["open:yes"])

        begin, end = histogram.oldest("open:yes", 3)

        assert begin == first.replace(hour=0)
        assert end == begin + timedelta(days=1, hours=12)
        assert histogram.oldest("open:yes", 100)[1] > NOON
        assert histogram.oldest("open:no", 1) is None

    def test_remembers_where_the_oldest_were_found_until_it_is_read_again(self):
        count(NOON - timedelta(days=9), come=["open:yes"])
        begin, _end = histogram.oldest("open:yes", 5)
        histogram.reach("open:yes", NOON)

        assert histogram.oldest("open:yes", 5) == (begin, NOON)
        histogram.forget()
        assert histogram.oldest("open:yes", 5) != (begin, NOON)
