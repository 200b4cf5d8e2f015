"""The life of a worker's child: its own connection, its limits, its app context."""

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pymongo
from celery import signals
from flask import Flask
from pymongo.errors import PyMongoError

from dashboard.documents import connection, transactions
from dashboard.lifeline import die_with
from dashboard.services import examinations

MEMORY_LIMIT: Final = 1024**3
ORPHAN_SECONDS: Final = 3


def init_app(app: Flask) -> None:
    """Prepare each child after its fork; the parent has no connection at all."""
    parent = os.getpid()

    @signals.worker_init.connect(weak=False)
    def warm_up(**_: Any) -> None:
        examinations.warm_up()  # once, and every child is born with it

    @signals.worker_process_init.connect(weak=False)
    def open_child(**_: Any) -> None:
        die_with(parent)
        app.app_context().push()  # for the child's whole life
        connection.connect(app.extensions["settings"])
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # If it cannot now, a later child does it, or the database itself.
        with suppress(PyMongoError), pymongo.timeout(ORPHAN_SECONDS):
            transactions.end_orphans()
        app.app_context().push()  # for the child's whole life

    @signals.worker_process_shutdown.connect(weak=False)
    def close_child(**_: Any) -> None:
        connection.disconnect()

    # After any task, for a sweep may wait long behind a thousand messages.
    if alive := os.environ.get("WORKER_ALIVE_FILE"):

        @signals.task_postrun.connect(weak=False)
        def show_life(**_: Any) -> None:
            Path(alive).touch()
