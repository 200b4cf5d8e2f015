"""Answers that are kept as files, or framed: none of them may run anything."""

import json
from typing import Any, Final

from flask import Response

# The address of the safe view may be framed by our own pages, and do nothing else.
FRAMED: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
SANDBOXED: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


def as_archive(content: bytes, name: str) -> Response:
    """A zip archive, saved under a name that holds nothing a sender wrote."""
    return _file(content, name, "application/zip")


def as_json(record: dict[str, Any], name: str) -> Response:
    """A record as JSON with sorted keys, saved under that name."""
    text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=True) + "\n"
    return _file(text.encode(), name, "application/json")


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOXED
    return response
