"""Sessions: bound to a browser, ended at once, by whom and why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.session import facets_of
from dashboard.domain.networks import AddressPolicy
from dashboard.services import sessions
from dashboard.services.audit import Actor
from dashboard.services.sessions import Lifetimes
from tests import factories

HOME, NEXT_DOOR, ABROAD = "203.0.113.9", "203.0.113.77", "198.51.100.1"
LIFETIMES = Lifetimes(timedelta(hours=24), timedelta(hours=12))
BROWSER = "Browser/1"


@pytest.fixture
def secret(database):
    """The secret of a session begun at home with one browser."""
    owner = factories.account("analyst", username="ada")
    origin = Actor("ada", owner.id, HOME, BROWSER)
    return sessions.begin(owner, origin, lifetimes=LIFETIMES)


def come(secret, *, address=HOME, agent=BROWSER, policy=AddressPolicy.OFF):
    origin = Actor("anonymous", "", address, agent)
    return sessions.resolve(secret, origin, LIFETIMES, policy)


def row():
    return stored()["persistent_sessions"].find_one({})


def age(**fields):
    stored()["persistent_sessions"].update_one({}, {"$set": fields})


def events(action):
    return list(stored()["audit_logs"].find({"action": action}))


class TestBinding:
    def test_to_a_browser_ends_what_comes_from_another(self, secret):
        assert come(secret, agent="Browser/2") is None

        assert come(secret) is None
        ended = row()
        assert (ended["active"], ended["ended_why"]) == (False, sessions.OTHER_BROWSER)

    def test_tells_the_trail_who_tried(self, secret):
        come(secret, agent="Browser/2", address=ABROAD)

        (event,) = events("session:refuse")
        assert (event["ip_address"], event["user_agent"]) == (ABROAD, "Browser/2")
        assert event["metadata"]["account"] == "ada"
        assert event["object_id"] == str(row()["_id"])

    @pytest.mark.parametrize(
        ("policy", "address", "goes_on"),
        [
            ("strict", HOME, True),
            ("strict", NEXT_DOOR, False),
            ("network", NEXT_DOOR, True),
            ("network", ABROAD, False),
            ("off", ABROAD, True),
        ],
    )
    def test_to_an_address_is_as_tight_as_the_policy(
        self, secret, policy, address, goes_on
    ):
        found = come(secret, address=address, policy=AddressPolicy(policy))

        assert (found is not None) is goes_on
        assert row()["active"] is goes_on
        assert len(events("session:refuse")) == (not goes_on)

    def test_notes_where_a_session_has_moved_to(self, secret):
        age(last_seen=now() - timedelta(minutes=2))

        come(secret, address=ABROAD)

        (event,) = events("session:move")
        moved = {"before": HOME, "after": ABROAD}
        assert event["metadata"] == {"address": moved}
        assert row()["ip_address"] == ABROAD
        assert row()["facets"] == facets_of(row())


class TestTime:
    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"expires_at": now() - timedelta(seconds=1)}, sessions.OVER),
            ({"last_seen": now() - timedelta(hours=12)}, sessions.UNUSED),
        ],
    )
    @pytest.mark.parametrize("by", ["use", "sweep"])
    def test_that_is_over_ends_a_session(self, secret, fields, why, by):
        age(**fields)

        assert come(secret) is None if by == "use" else sessions.sweep(LIFETIMES) == 1

        ended = row()
        assert (ended["active"], ended["ended_by"]) == (False, "PhishNet")
        assert ended["ended_why"] == why
        assert len(events("session:expire")) == 1

    def test_that_is_not_over_ends_nothing(self, secret):
        age(last_seen=now() - timedelta(hours=11, minutes=59))

        assert sessions.sweep(LIFETIMES) == 0
        assert come(secret)

    def test_last_seen_is_written_once_a_minute(self, secret):
        age(last_seen=now() - timedelta(seconds=58))
        before = row()["last_seen"]
        come(secret)
        assert row()["last_seen"] == before

        age(last_seen=now() - timedelta(seconds=60))
        come(secret)
        assert row()["last_seen"] > before


class TestEnding:
    def test_says_who_and_why(self, secret):
        sessions.revoke(row(), Actor("keeper", "1"), why="laptop lost")

        ended = row()
        assert (ended["ended_by"], ended["ended_why"]) == ("keeper", "laptop lost")
        assert ended["facets"] == facets_of(ended)
        assert come(secret) is None

    def test_by_many_at_once_is_one_event(self, secret):
        known, who = row(), Actor("keeper", "1")
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda _n: sessions.revoke(known, who), range(8)))

        assert sum(done) == 1
        assert len(events("session:end")) == 1

    def test_of_the_others_leaves_the_one_that_acts(self, secret):
        account = come(secret)
        for _ in range(3):
            factories.begin_session(account)

        assert sessions.revoke_others(account, Actor("ada", account.id)) == 3
        assert come(secret)
        assert len(events("session:end")) == 3

    def test_of_all_leaves_those_of_somebody_else(self, secret):
        other = factories.account("analyst")
        theirs = factories.begin_session(other)

        sessions.revoke_all(row()["user_id"], Actor("keeper", "1"), why="revoked")

        assert come(secret) is None
        assert come(theirs, address="127.0.0.1", agent=factories.AGENT)
