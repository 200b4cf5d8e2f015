"""The life of a worker's child: its own connection, its limits, its app context."""

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pymongo
from celery import current_app, signals
from pymongo.errors import PyMongoError

from dashboard.documents import connection, transactions
from dashboard.lifeline import die_with
from dashboard.services import examinations
from dashboard.tasks.analyses import beside

MEMORY_LIMIT: Final = 1024**3
ORPHAN_SECONDS: Final = 3
PARENT: Final = os.getpid()  # of the worker's children: it imports this, then forks
ALIVE: Final = os.environ.get("WORKER_ALIVE_FILE")


@signals.worker_init.connect
def warm_up(**_: Any) -> None:
    """Read rules, patterns and lists once, and every child is born with them."""
    examinations.warm_up()


@signals.worker_process_init.connect
def open_child(**_: Any) -> None:
    """Prepare each child after its fork; the parent has no connection at all."""
    die_with(PARENT)
    app = current_app.flask
    app.app_context().push()  # for the child's whole life
    connection.connect(app.extensions["settings"])
    beside(app)  # rules are compiled before any message waits for them
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # If it cannot now, a later child does it, or the database itself.
    with suppress(PyMongoError), pymongo.timeout(ORPHAN_SECONDS):
        transactions.end_orphans()


@signals.worker_process_shutdown.connect
def close_child(**_: Any) -> None:
    """Leave the database as one should."""
    connection.disconnect()


@signals.task_postrun.connect
def show_life(**_: Any) -> None:
    """Say so after any task, for a sweep may wait long behind a thousand messages."""
    if ALIVE:
        Path(ALIVE).touch()
