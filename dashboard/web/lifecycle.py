"""The life of a web process: connected after its fork, told when it has to end."""

import gc
import logging
import signal
import threading
import time
from types import FrameType
from typing import Any, Final

from flask import Flask
from pymongo.errors import PyMongoError

from dashboard.documents import connection, schema, transactions
from dashboard.extensions import require_settings

logger = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1.0
GARBAGE: Final = 10_000  # objects; a page leaves some hundred behind


def start(app: Flask) -> None:
    """Connect, and make what the database lacks as soon as it answers.

    Raises `ConfigError` naming every missing setting. The process serves from the
    start; what needs the database is 503 until it is there.
    """
    connection.connect(require_settings(app))
    threading.Thread(target=_prepare, name="prepare", daemon=True).start()
    _hear_the_end(app)
    _tidy_seldom()


def _tidy_seldom() -> None:
    """Look for garbage less often, and never in what the process is built of."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])


def _prepare() -> None:
    while True:
        try:
            schema.prepare()
            transactions.end_orphans()
        except PyMongoError as error:
            logger.warning("db.not_prepared %s", type(error).__name__)
            time.sleep(RETRY_SECONDS)
        else:
            logger.info("db.prepared")
            return


def _hear_the_end(app: Flask) -> None:
    """Answer "not ready" from the moment the process is told to stop."""
    before: Any = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        app.extensions["stopping"] = True
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, stop)
