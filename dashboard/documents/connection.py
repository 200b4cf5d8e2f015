"""The one connection to the database: opened after a fork, bounded, observed."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import mongoengine
import pymongo
from mongoengine.connection import get_connection
from mongoengine.connection import get_db as _get_db
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    PyMongoError,
    WaitQueueTimeoutError,
)
from pymongo.synchronous.pool import Connection, Pool

from dashboard.config import Settings
from dashboard.documents.monitoring import Monitor

Row = dict[str, Any]

monitor = Monitor()


class PoolFull(PyMongoError):
    """Every connection stayed in use for as long as one may be waited for."""


# What a caller may try again: the database is away, slow or full of other work.
Unavailable = (AutoReconnect, NetworkTimeout, ExecutionTimeout, PoolFull)


class _Pool(Pool):
    """Waits for a free connection once, and no longer than its own limit.

    Under `pymongo.timeout` the driver would wait, and begin anew, until the time of
    the whole operation is over.
    """

    def _get_conn(self, *given: Any, **named: Any) -> Connection:
        if self.requests < self.max_pool_size:
            return super()._get_conn(*given, **named)
        try:
            with pymongo.timeout(self.opts.wait_queue_timeout):
                return super()._get_conn(*given, **named)
        except WaitQueueTimeoutError as error:
            raise PoolFull(str(error)) from None


def connect(settings: Settings) -> MongoClient[Row]:
    """Open this process's connection. Lazy: nothing is sent until the first query.

    To be called after a fork only; a client that crossed one may hold its locks.
    """
    monitor.slow_after(settings.SLOW_QUERY_MS)
    client: MongoClient[Row] = mongoengine.connect(
        db=settings.MONGODB_DATABASE,
        host=settings.MONGODB_URI.get_secret_value(),
        tz_aware=True,
        tzinfo=UTC,
        uuidRepresentation="standard",
        minPoolSize=settings.DB_MIN_POOL_SIZE,
        maxPoolSize=settings.DB_MAX_POOL_SIZE,
        maxIdleTimeMS=settings.DB_MAX_IDLE_TIME_MS,
        serverSelectionTimeoutMS=settings.DB_SERVER_SELECTION_TIMEOUT_MS,
        socketTimeoutMS=settings.DB_SOCKET_TIMEOUT_MS,
        waitQueueTimeoutMS=settings.DB_WAIT_QUEUE_TIMEOUT_MS,
        retryWrites=True,
        w="majority",
        journal=True,
        heartbeatFrequencyMS=5_000,
        appname="phishnet",
        event_listeners=monitor.listeners,
        _pool_class=_Pool,
    )
    return client


def disconnect() -> None:
    """Close this process's connection."""
    mongoengine.disconnect()


def client() -> MongoClient[Row]:
    """This process's client."""
    found: MongoClient[Row] = get_connection()
    return found


def database() -> Database[Row]:
    """This process's database."""
    found: Database[Row] = _get_db()
    return found


def insert_once(collection: str, row: Row) -> None:
    """Insert a row whose `_id` was made for it alone.

    The driver repeats a write whose answer was lost; a database that was killed in
    between has forgotten that it did it, and calls its own row a duplicate.
    """
    with suppress(DuplicateKeyError):
        database()[collection].insert_one(row)


def ping() -> float:
    """Ask the database whether it is there; milliseconds it took to answer."""
    started = datetime.now(UTC)
    with pymongo.timeout(2):
        client().admin.command("ping")
    return (datetime.now(UTC) - started).total_seconds() * 1000


def pool_limits() -> dict[str, int | float | None]:
    """The limits of the pool, as the client applies them."""
    options = client().options.pool_options
    return {
        "min_size": options.min_pool_size,
        "max_size": options.max_pool_size,
        "max_idle_ms": int((options.max_idle_time_seconds or 0) * 1000),
    }


def is_reachable() -> bool:
    """Whether the database answers now."""
    try:
        ping()
    except PyMongoError:
        return False
    return True


def now() -> datetime:
    """The time in UTC, cut to the milliseconds that are stored."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
