"""All or nothing, and nothing left locked by a process that was killed halfway.

A database keeps the rows of an unfinished transaction locked for a minute after its
process is gone. So each thread runs its transactions in one session whose id is
noted; whoever starts next on the same machine ends the sessions of the dead.

The same holds of a transaction that breaks because the time of its request is over:
nothing more can be sent within that time, not even that it is given up. Its session
is ended in a moment of its own, and where that fails, before the next transaction.
"""

import os
import platform
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import pymongo
from bson import Binary
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError

from dashboard.documents.connection import client, database, insert_once, now

Result = TypeVar("Result")

TURNS: Final = 10  # of a transaction that other writes interfere with
START_FIELD: Final = 19  # start time in /proc/<pid>/stat, counted after the name
END_SECONDS: Final = 0.5  # to end one session, on top of the time of a request

_mine = threading.local()
_broken: deque[Binary] = deque()  # ids of this process's sessions yet to be ended


class Interfered(Exception):
    """Another write came between reading and writing; the work is begun anew."""


def transact(work: Callable[[ClientSession], Result]) -> Result:
    """Do all of the work or none of it; tried again when another write interferes."""
    for _ in range(TURNS - 1):
        with suppress(Interfered):
            return _once(work)
    return _once(work)


def is_repeated() -> bool:
    """Whether this thread's transaction is tried again, for others were in its way."""
    return getattr(_mine, "is_repeated", False)


def leave() -> None:
    """End this thread's session, of a thread that ends itself."""
    if getattr(_mine, "session", None) is not None:
        _drop()


def end_orphans() -> int:
    """End the sessions of processes of this machine that are gone; how many."""
    ended = 0
    for row in database()["open_sessions"].find({"host": platform.node()}):
        if _mark(row["pid"]) != row["mark"]:
            _end(Binary.from_uuid(row["_id"]))
            ended += 1
    return ended


def _once(work: Callable[[ClientSession], Result]) -> Result:
    _end_broken()
    session = _session()
    turns = count()

    def turn(session: ClientSession) -> Result:
        _mine.is_repeated = next(turns) > 0
        return work(session)

    try:
        return session.with_transaction(turn)
    except PyMongoError:
        _drop()  # the server may remember it as broken
        raise


def _session() -> ClientSession:
    """This thread's session, noted before it is first used."""
    known: ClientSession | None = getattr(_mine, "session", None)
    if known is not None and known.client is client() and not known.has_ended:
        return known
    session = client().start_session()
    note = {
        "_id": session.session_id["id"],
        "host": platform.node(),
        "pid": os.getpid(),
        "mark": _mark(os.getpid()),
        "at": now(),
    }
    insert_once("open_sessions", note)
    _mine.session = session
    return session


def _drop() -> None:
    session: ClientSession = _mine.session
    _mine.session = None
    _broken.append(session.session_id["id"])
    with suppress(PyMongoError):
        session.end_session()
    _end_broken()


def _end_broken() -> None:
    """End what broke, as far as the database answers; the rest stays for later."""
    for _ in range(len(_broken)):
        with suppress(IndexError):  # another thread took the last
            known_as = _broken.popleft()
            try:
                Context().run(_end_in_time, known_as)
            except PyMongoError:
                _broken.append(known_as)
                return


def _end_in_time(known_as: Binary) -> None:
    with pymongo.timeout(END_SECONDS):
        _end(known_as)


def _end(known_as: Binary) -> None:
    """Let the server forget a session and free what its transaction holds."""
    client().admin.command("killSessions", [{"id": known_as}])
    database()["open_sessions"].delete_one({"_id": known_as})


def _mark(pid: int) -> str:
    """What tells this process from a later one with the same number; "" if gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[START_FIELD]
