"""Reading what a program sends: a form, JSON, or the bytes of one file."""

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    UnprocessableEntity,
    UnsupportedMediaType,
)

from dashboard.services.uploads import Given
from dashboard.web import submissions
from dashboard.web.errors import said

FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
JSON: Final = "application/json"
RAW: Final = (
    *("message/rfc822", "application/mbox", "application/zip"),
    *("application/vnd.ms-outlook", "application/octet-stream"),
)
IN_MEMORY: Final = 1024 * 1024
PIECE: Final = 1024 * 1024
BASE64_ROOM: Final = 1.5  # what a message may grow by inside of JSON
MAX_NAME: Final = 200


def read() -> list[Given]:
    """What the request hands in; 415 or 422 for a body that cannot be understood."""
    kind = request.mimetype
    if kind in FORMS:
        return list(submissions.of_form("api"))
    if kind == JSON:
        return [_of_json()]
    if kind in RAW:
        return [_of_bytes()]
    raise said(UnsupportedMediaType(_("Send a form, JSON, or message/rfc822.")))


@contextmanager
def reading() -> Iterator[list[Given]]:
    """What the request hands in, for as long as the block runs."""
    given = read()
    try:
        yield given
    finally:
        for each in given:
            each.stream.close()


def digest(given: list[Given]) -> str:
    """The SHA-256 of everything handed in: names, ways and bytes."""
    found = hashlib.sha256()
    for each in given:
        own = hashlib.sha256()
        each.stream.seek(0)
        while piece := each.stream.read(PIECE):
            own.update(piece)
        found.update(repr((each.source, each.name, own.hexdigest())).encode())
    return found.hexdigest()


def _of_bytes() -> Given:
    with ExitStack() as failing:
        held = failing.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        copyfileobj(request.stream, held, PIECE)
        failing.pop_all()
    return Given(cast("BinaryIO", held), "api", request.args.get("name", "")[:MAX_NAME])


def _of_json() -> Given:
    settings = current_app.extensions["settings"]
    if (request.content_length or 0) > settings.MAX_MESSAGE_BYTES * BASE64_ROOM:
        raise RequestEntityTooLarge
    told = request.get_json(silent=True)
    source = told.get("source") if isinstance(told, dict) else None
    content = told.get("content") if isinstance(told, dict) else None
    name = told.get("name", "") if isinstance(told, dict) else ""
    try:
        if isinstance(source, str) and content is None and isinstance(name, str):
            raw = source.encode("utf-8", "surrogatepass")
            return Given(BytesIO(raw), "api", name[:MAX_NAME])
        if isinstance(content, str) and source is None and isinstance(name, str):
            raw = b64decode(content, validate=True)
            return Given(BytesIO(raw), "api", name[:MAX_NAME])
    except NotBase64:
        pass
    raise said(
        UnprocessableEntity(
            _("JSON needs “source”, the text of a message, or “content” in Base64.")
        )
    )
