"""Who sends suspicious mail is counted with the messages, and read by an index."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.documents import counters, periods, ranking
from dashboard.documents.connection import database as stored
from dashboard.documents.counters import Move
from dashboard.documents.periods import begin, open_periods, period
from dashboard.documents.ranking import ranked, top
from dashboard.documents.transactions import transact

SUNDAY = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
THIS, NEXT = "2026-11-09..2026-11-22", "2026-11-16..2026-11-29"
BAD = [
    *("status:done", "level:critical", "flagged:yes"),
    *("sender:a@mail.evil.test", "domain:mail.evil.test", "domain:evil.test"),
]


@pytest.fixture(autouse=True)
def sunday(database, monkeypatch):
    monkeypatch.setattr(periods, "now", lambda: SUNDAY)


def count(*moves):
    transact(lambda session: counters.change_all(moves, session))


def said(of=THIS, at_least=1):
    return {r["name"]: (r["messages"], r["malicious"]) for r in top(of, at_least)}


class TestPeriods:
    def test_are_this_week_and_the_one_before(self):
        assert period(begin(SUNDAY)) == THIS
        assert period(begin(MONDAY)) == NEXT

    def test_of_a_message_are_two_until_they_are_over(self):
        assert open_periods(SUNDAY) == [THIS, NEXT]
        assert open_periods(SUNDAY - timedelta(days=7)) == [THIS]
        assert open_periods(SUNDAY - timedelta(days=14)) == []


class TestNames:
    def test_are_the_address_and_what_its_organisation_registered(self):
        assert ranked(BAD) == ["sender:a@mail.evil.test", "domain:evil.test"]

    def test_are_none_where_nothing_is_suspicious(self):
        assert ranked([name for name in BAD if name != "flagged:yes"]) == []


class TestCounting:
    def test_adds_and_takes_away_with_the_messages(self):
        high = ["level:high" if name == "level:critical" else name for name in BAD]
        count(Move(SUNDAY, come=BAD), Move(SUNDAY, come=BAD), Move(SUNDAY, come=high))
        assert said() == dict.fromkeys(ranked(BAD), (3, 2))
        assert said(NEXT) == said()

        count(Move(SUNDAY, gone=BAD, come=high), Move(SUNDAY, gone=high))
        assert said() == dict.fromkeys(ranked(BAD), (2, 1))

    def test_keeps_no_address_of_whom_nothing_is_left(self):
        count(Move(SUNDAY, come=BAD), Move(SUNDAY, come=BAD))
        count(Move(SUNDAY, gone=BAD), Move(SUNDAY, gone=BAD))

        assert stored()["sender_counters"].find_one({}) is None

    def test_writes_nothing_where_nothing_changes(self):
        count(Move(SUNDAY, gone=[*BAD, "open:yes"], come=[*BAD, "decided:phishing"]))

        assert stored()["sender_counters"].find_one({}) is None

    def test_writes_nothing_when_the_work_around_it_fails(self):
        def work(session):
            counters.change(SUNDAY, come=BAD, session=session)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            transact(work)
        assert said() == {}

    def test_loses_nothing_when_many_do_it_at_once(self):
        with ThreadPoolExecutor(6) as several:
            list(several.map(lambda _: count(Move(SUNDAY, come=BAD)), range(30)))

        assert said() == dict.fromkeys(ranked(BAD), (30, 30))


class TestReading:
    def test_finds_who_sent_at_least_so_many(self):
        steps = Counter({(THIS, f"sender:{n}@x.test", "messages"): n for n in range(9)})
        transact(lambda session: ranking.write(steps, session))

        assert said(at_least=7) == {
            "sender:7@x.test": (7, 0),
            "sender:8@x.test": (8, 0),
        }

    @pytest.mark.parametrize(
        ("messages", "fewest"), [(0, 1), (1, 1), (50, 1), (51, 2), (840, 17)]
    )
    def test_asks_for_no_more_than_can_have_sent_as_many(self, messages, fewest):
        assert ranking.fewest(messages) == fewest
        assert messages // fewest <= ranking.LEAST
