"""Counters that went wrong are found and counted anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bson import ObjectId

from dashboard.documents import counters, periods
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.counters import by_day, day_of
from dashboard.documents.periods import begin, period
from dashboard.services import counting
from dashboard.services.jobs import Job
from dashboard.tasks import SCHEDULE, upkeep
from tests import factories


def bend(**change):
    share = stored()["daily_counters"].find_one({})
    stored()["daily_counters"].update_one({"_id": share["_id"]}, change)


def test_what_is_right_has_no_difference(app, database):
    for _ in range(3):
        factories.examined()

    assert counting.differences() == []
    assert counting.rebuild() == 0


def test_a_wrong_number_is_named_and_put_right(app, database):
    factories.examined()
    bend(**{"$inc": {"facets.level:safe": 4, "received": 1}})

    named = {each.name: (each.counted, each.found) for each in counting.differences()}
    assert named == {"level:safe": (5, 1), "received": (2, 1)}
    assert counting.rebuild() == 1
    assert counting.differences() == []


def test_a_day_without_rows_is_cleared(app, database):
    factories.examined()
    stored()["email_analyses"].delete_many({})

    assert counting.rebuild() == 1
    assert by_day() == {}


def test_a_day_without_counters_gets_them(app, database):
    factories.examined(threat_level="critical", detected_threats=["link-ip-host"])
    stored()["daily_counters"].delete_many({})

    counting.rebuild()
    (day,) = by_day().values()
    assert day["facets"]["worst:link-ip-host"] == 1
    assert day["received"] == 1


def test_rows_of_an_earlier_version_get_the_facets_of_this_one(app, database):
    identity = ObjectId(factories.examined(verdict="malicious"))
    old = {"$pull": {"facets": {"$in": ["open:yes", "flagged:yes"]}}}
    stored()["email_analyses"].update_one({"_id": identity}, old)

    counting.rebuild()
    row = stored()["email_analyses"].find_one({"_id": identity})
    assert "open:yes" in row["facets"]
    assert counting.differences() == []


BAD = {
    "threat_level": "critical",
    "verdict": "malicious",
    "sender": "a@mail.evil.test",
}


class TestSenders:
    def kept(self):
        rows = stored()["sender_counters"].find({})
        return {row["_id"].partition(" ")[2]: row["messages"] for row in rows}

    def test_with_a_wrong_counter_are_named_and_counted_anew(self, app, database):
        factories.examined(**BAD)
        name = {"_id": {"$regex": "sender:"}}
        stored()["sender_counters"].update_many(name, {"$inc": {"messages": 2}})

        wrong = counting.differences()
        assert {(each.name, each.counted, each.found) for each in wrong} == {
            ("sender:a@mail.evil.test messages", 3, 1)
        }
        assert counting.rebuild() == len(wrong) == 2
        assert counting.differences() == []

    def test_without_a_counter_get_one_and_others_lose_theirs(self, app, database):
        factories.examined(**BAD)
        stored()["sender_counters"].delete_many({"_id": {"$regex": "sender:"}})
        now_open = period(begin(now()))
        stray = {"_id": f"{now_open} domain:x.test", "period": now_open, "messages": 1}
        stored()["sender_counters"].insert_one(stray)

        counting.rebuild()
        assert self.kept() == {"sender:a@mail.evil.test": 1, "domain:evil.test": 1}
        assert counting.differences() == []

    def test_of_rows_of_an_earlier_version_are_counted_by_a_rebuild(
        self, app, database
    ):
        factories.examined(**BAD)
        old = {"$pull": {"facets": "sender:a@mail.evil.test"}}
        stored()["email_analyses"].update_many({}, old)
        stored()["sender_counters"].delete_many({})

        counting.rebuild()
        assert self.kept() == {"sender:a@mail.evil.test": 1, "domain:evil.test": 1}

    def test_counted_anew_while_more_comes_in_lose_nothing(self, app, database):
        factories.examined(**BAD)
        stored()["sender_counters"].update_many({}, {"$inc": {"messages": 5}})
        with ThreadPoolExecutor(3) as several:
            work = [several.submit(factories.examined, **BAD) for _ in range(8)]
            work.append(several.submit(counting.rebuild))
            for each in work:
                each.result()

        counting.rebuild()
        assert counting.differences() == []
        assert set(self.kept().values()) == {9}

    def test_of_a_period_that_is_over_are_forgotten(self, app, database, monkeypatch):
        factories.examined(**BAD)
        later = now() + timedelta(days=7)
        monkeypatch.setattr(counting, "now", lambda: later)
        monkeypatch.setattr(periods, "now", lambda: later)

        counting.gather()
        left = stored()["sender_counters"].distinct("period")
        assert left == [period(begin(later))]
        assert counting.differences() == []


class TestGathering:
    def spread(self, back, rows=24):
        """Rows of a day that is so many days ago, in several shares."""
        at = now() - timedelta(days=back)
        for _ in range(rows):
            vars(counters._mine).clear()  # as another thread begins
            factories.examined(received_at=at)
        return stored()["daily_counters"].count_documents({"day": day_of(at)})

    def test_makes_one_share_of_a_past_day_and_keeps_its_sums(self, app, database):
        assert self.spread(back=3) > 1
        before = by_day()

        assert counting.gather() == 1
        assert stored()["daily_counters"].count_documents({}) == 1
        assert by_day() == before
        assert counting.differences() == []
        assert counting.gather() == 0

    def test_is_done_every_hour_by_the_worker(self, app, database):
        self.spread(back=3)
        task = SCHEDULE[Job.GATHER_COUNTERS]
        assert task["schedule"] == 3600
        assert task["task"] == upkeep.gather_counters.name == Job.GATHER_COUNTERS

        upkeep.gather_counters()

        assert stored()["daily_counters"].count_documents({}) == 1

    def test_leaves_today_and_yesterday_to_who_writes_there(self, app, database):
        shares = self.spread(back=0) + self.spread(back=1)

        assert counting.gather() == 0
        assert stored()["daily_counters"].count_documents({}) == shares

    def test_loses_nothing_that_is_counted_meanwhile(self, app, database):
        self.spread(back=3)
        at = now() - timedelta(days=3)
        with ThreadPoolExecutor(4) as several:
            work = [several.submit(counting.gather) for _ in range(3)]
            work += [
                several.submit(factories.examined, received_at=at) for _ in range(12)
            ]
            for each in work:
                each.result()

        counting.gather()
        assert counting.differences() == []
        (day,) = by_day().values()
        assert day["received"] == 36
