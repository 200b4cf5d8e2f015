"""All or nothing, and what a killed process leaves behind."""

import os
import platform
import signal
import subprocess
import sys
import time
from threading import Timer
from uuid import uuid4

import pymongo
import pytest
from pymongo.errors import PyMongoError

from dashboard.documents import transactions
from dashboard.documents.connection import database as db
from dashboard.documents.connection import now
from dashboard.documents.transactions import Interfered, transact

pytestmark = pytest.mark.usefixtures("database")

DIES_HALFWAY = """
import os, sys
from pydantic import SecretStr
from dashboard.config import Settings
from dashboard.documents import connection, transactions
uri, name = sys.argv[1:]
connection.connect(Settings(SECRET_KEY=SecretStr("q8Zr3vLx0TnW6yKd1HsB5mJc9PfG2aUe"),
                            MONGODB_URI=SecretStr(uri), MONGODB_DATABASE=name))
def work(session):
    rows = connection.database()["daily_counters"]
    rows.update_one({"_id": "row"}, {"$inc": {"n": 1}}, session=session)
    os.kill(os.getpid(), 9)
transactions.transact(work)
"""


def test_does_all_or_nothing():
    def work(session):
        db()["daily_counters"].insert_one({"_id": "row"}, session=session)
        raise LookupError

    with pytest.raises(LookupError):
        transact(work)

    assert db()["daily_counters"].find_one({"_id": "row"}) is None


def test_begins_anew_when_another_write_interfered():
    turns = []

    def work(session):
        turns.append(session)
        if len(turns) < 3:
            raise Interfered
        return "done"

    assert transact(work) == "done"


def test_gives_up_when_others_always_interfere():
    def work(session):
        raise Interfered

    with pytest.raises(Interfered):
        transact(work)


def test_a_killed_process_leaves_nothing_locked(settings):
    db()["daily_counters"].insert_one({"_id": "row", "n": 0})
    uri = settings.MONGODB_URI.get_secret_value()
    name = settings.MONGODB_DATABASE
    subprocess.run([sys.executable, "-c", DIES_HALFWAY, uri, name], check=False)

    assert transactions.end_orphans() == 1

    db()["daily_counters"].update_one({"_id": "row"}, {"$inc": {"n": 1}})
    assert db()["daily_counters"].find_one({"_id": "row"})["n"] == 1


def halt(server, seconds):
    """Stop the database as a machine without memory does, for a while."""
    server.process.send_signal(signal.SIGSTOP)
    after = Timer(seconds, server.process.send_signal, [signal.SIGCONT])
    after.start()
    return after


def breaks(server):
    """A transaction that has written when the database halts for too long."""
    halted = []

    def work(session):
        rows = db()["daily_counters"]
        rows.update_one({"_id": "row"}, {"$inc": {"n": 1}}, session=session)
        halted.append(halt(server, 1.5))
        rows.update_one({"_id": "row"}, {"$inc": {"n": 1}}, session=session)

    db()["daily_counters"].insert_one({"_id": "row", "n": 0})
    with pytest.raises(PyMongoError), pymongo.timeout(0.5):
        transact(work)
    halted[0].join()


def test_what_the_database_was_too_slow_for_is_freed_before_the_next(own):
    breaks(own)

    for _ in range(20):  # a busy database may not answer the first in time
        transact(lambda session: None)

    with pymongo.timeout(5):
        db()["daily_counters"].update_one({"_id": "row"}, {"$inc": {"n": 10}})
    assert db()["daily_counters"].find_one({"_id": "row"})["n"] == 10
    assert not transactions._broken


def test_out_of_time_its_session_is_ended_all_the_same():
    def work(session):
        db()["daily_counters"].insert_one({"_id": "row"}, session=session)
        time.sleep(0.3)
        db()["daily_counters"].find_one({}, session=session)

    with pytest.raises(PyMongoError), pymongo.timeout(0.2):
        transact(work)

    assert db()["open_sessions"].count_documents({}) == 0
    assert not transactions._broken


def test_the_sessions_of_the_living_go_on(settings):
    transact(lambda session: None)

    assert transactions.end_orphans() == 0
    transact(
        lambda session: db()["daily_counters"].insert_one({"_id": 1}, session=session)
    )


def test_a_process_number_used_again_is_told_from_the_first():
    foreign = {"_id": uuid4(), "host": platform.node(), "pid": os.getpid()}
    db()["open_sessions"].insert_one({**foreign, "mark": "1", "at": now()})

    assert transactions.end_orphans() == 1
