"""Files of the pages leave compressed; pages do not.

A page holds the token of its forms beside what somebody searched for: its length
after compression would tell of the one through the other (the BREACH attack).
"""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request

KINDS: Final = frozenset({"text/css", "text/javascript", "image/svg+xml"})
LEVEL: Final = 9  # paid once a file


def init_app(app: Flask) -> None:
    """Compress what browsers may have compressed."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Replace a whole static file by its compressed form, if it is understood."""
    if request.endpoint != "static" or response.mimetype not in KINDS:
        return response
    response.vary.add("Accept-Encoding")
    tag, _is_weak = response.get_etag()
    is_whole = response.status_code == 200 and "Range" not in request.headers
    if not (is_whole and tag and request.accept_encodings["gzip"]):
        return response
    folder = Path(current_app.static_folder or "")
    name = (request.view_args or {})["filename"]
    response.close()  # the file itself, which is not sent
    response.direct_passthrough = False
    response.set_data(_packed(folder / name, tag))
    response.content_encoding = "gzip"
    response.set_etag(tag, weak=True)  # the same file in other bytes
    return response


@lru_cache(maxsize=64)
def _packed(path: Path, _tag: str) -> bytes:
    """The file, compressed; the tag changes with its content."""
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)
