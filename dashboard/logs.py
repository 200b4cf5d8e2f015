"""What the product writes for operators: one JSON object a line, whatever is in it."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context


class JsonLines(logging.Handler):
    """Writes each event as one line; what a sender wrote cannot begin another."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(line_of(record) + "\n")
        sys.stderr.flush()


def init_app(level: str) -> None:
    """Write our events of that level and above, and warnings of the libraries."""
    root = logging.getLogger()
    if not any(isinstance(handler, JsonLines) for handler in root.handlers):
        root.addHandler(JsonLines())
    logging.getLogger(__package__).setLevel(level)


def line_of(record: logging.LogRecord) -> str:
    """The event as JSON in ASCII: control characters and line ends are escaped."""
    event: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
    }
    if has_request_context() and (request_id := g.get("request_id")):
        event["request_id"] = request_id
    if record.exc_info:
        event["error"] = logging.Formatter().formatException(record.exc_info)
    return json.dumps(event)
