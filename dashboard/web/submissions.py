"""Reading what somebody hands in: files, or the pasted source of one message."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pymongo
from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.services import analyses
from dashboard.services.analyses import Accepted, Refused, Submission, TooLarge
from dashboard.web.identity import actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing handed in."""

    name: str
    accepted: Accepted | None = None
    reason: str = ""


@dataclass(slots=True)
class Receipt:
    """What became of everything handed in at once."""

    outcomes: list[Outcome] = field(default_factory=list)
    is_too_large: bool = False

    @property
    def accepted(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.accepted]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.accepted]

    @property
    def only(self) -> Accepted | None:
        """What was accepted, if it was handed in alone."""
        return self.outcomes[0].accepted if len(self.outcomes) == 1 else None

    def as_json(self) -> dict[str, object]:
        """The same for a program; `index` is the place in what was handed in."""
        accepted: list[dict[str, object]] = []
        refused: list[dict[str, object]] = []
        for index, each in enumerate(self.outcomes):
            known: dict[str, object] = {"index": index, "name": each.name}
            if each.accepted is None:
                refused.append({**known, "reason": each.reason})
                continue
            found = each.accepted.analysis_id
            address = url_for("analyses.show", analysis_id=found)
            answer = {"id": found, "is_new": each.accepted.is_new, "url": address}
            accepted.append({**known, **answer})
        return {"accepted": accepted, "refused": refused}

    @property
    def status(self) -> int:
        """201 when anything was accepted, else why not: 413 or 422."""
        if self.accepted:
            return 201
        return 413 if self.is_too_large else 422


class Limits(NamedTuple):
    """What may be handed in at once: a count of files, and bytes."""

    files: int
    message: int
    request: int


def limits() -> Limits:
    """The limits, for saying them before somebody meets them."""
    settings = current_app.extensions["settings"]
    return Limits(
        settings.MAX_FILES, settings.MAX_MESSAGE_BYTES, settings.MAX_REQUEST_BYTES
    )


def limit() -> str:
    """How often one user may submit."""
    found: str = current_app.extensions["settings"].UPLOAD_LIMIT
    return found


def submitter() -> str:
    """Whom the limit counts: the user, whatever address they come from."""
    return f"user:{current_user.get_id()}"


def receive() -> Receipt:
    """Submit every message of this request, each with its own answer.

    One refused file does not hold up the others; each is stored before the answer.
    """
    receipt = Receipt()
    for submission in _given():
        receipt.outcomes.append(_submit(submission, receipt))
    if not receipt.outcomes:
        receipt.outcomes.append(Outcome("", reason=_("Choose a message to analyse.")))
    return receipt


def _submit(submission: Submission, receipt: Receipt) -> Outcome:
    settings = current_app.extensions["settings"]
    try:
        with pymongo.timeout(settings.DB_OPERATION_SECONDS):
            accepted = analyses.submit(
                submission, actor(), max_bytes=settings.MAX_MESSAGE_BYTES
            )
    except TooLarge as error:
        receipt.is_too_large = True
        return Outcome(submission.name, reason=_(str(error)))
    except Refused as error:
        return Outcome(submission.name, reason=_(str(error)))
    return Outcome(submission.name, accepted)


def _given() -> Iterator[Submission]:
    settings = current_app.extensions["settings"]
    files = [file for file in request.files.getlist("messages") if file.filename]
    if len(files) > settings.MAX_FILES:
        raise RequestEntityTooLarge  # before any is stored
    if pasted := request.form.get("source", "").strip():
        yield Submission(_pasted(pasted), "paste", _("Pasted source"))
    for file in files:
        raw = _read(file, settings.MAX_MESSAGE_BYTES)
        yield Submission(raw, "upload", file.filename or "")


def _pasted(text: str) -> bytes:
    # A browser sends the lines of a text area with CRLF and the text as UTF-8.
    return text.encode("utf-8", "surrogateescape") + b"\r\n"


def _read(file: FileStorage, limit: int) -> bytes:
    return file.stream.read(limit + 1)  # one more than allowed tells that it is more
