"""Reading what somebody hands in: files, or the pasted source of one message."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, NamedTuple, cast

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.services import uploads
from dashboard.services.analyses import Accepted, Refused, TooLarge
from dashboard.services.uploads import Given, Opened
from dashboard.web.identity import actor
from dashboard.web.sentences import worded


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing handed in."""

    name: str
    accepted: Accepted | Opened | None = None
    reason: str = ""

    @property
    def url(self) -> str:
        """Where the analysis, or the upload it comes out of, is shown."""
        if isinstance(self.accepted, Opened):
            return url_for("uploads.show", upload_id=self.accepted.upload_id)
        found = self.accepted.analysis_id if self.accepted else ""
        return url_for("analyses.show", analysis_id=found)


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
    def only(self) -> Outcome | None:
        """What was accepted, if it was handed in alone."""
        return (
            self.accepted[0] if len(self.outcomes) == len(self.accepted) == 1 else None
        )

    def as_json(self) -> dict[str, object]:
        """The same for a program; `index` is the place in what was handed in."""
        accepted: list[dict[str, object]] = []
        refused: list[dict[str, object]] = []
        for index, each in enumerate(self.outcomes):
            known: dict[str, object] = {"index": index, "name": each.name}
            if each.accepted is None:
                refused.append({**known, "reason": each.reason})
                continue
            accepted.append({**known, **_told(each.accepted), "url": each.url})
        return {"accepted": accepted, "refused": refused}

    @property
    def status(self) -> int:
        """201 when anything was accepted, else why not: 413 or 422."""
        if self.accepted:
            return 201
        return 413 if self.is_too_large else 422


Work = Callable[[], tuple[int, dict[str, object]]]


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


def receive(given: Iterable[Given]) -> Receipt:
    """Submit everything that is given, each with its own answer.

    One refused file does not hold up the others; each is stored before the answer.
    """
    receipt = Receipt()
    for each in given:
        receipt.outcomes.append(_submit(each, receipt))
    if not receipt.outcomes:
        receipt.outcomes.append(Outcome("", reason=_("Choose a message to analyse.")))
    return receipt


def _told(accepted: Accepted | Opened) -> dict[str, object]:
    if isinstance(accepted, Opened):
        return {"upload": accepted.upload_id, "is_new": accepted.is_new}
    return {"id": accepted.analysis_id, "is_new": accepted.is_new}


def _submit(given: Given, receipt: Receipt) -> Outcome:
    settings = current_app.extensions["settings"]
    bounds = uploads.Limits(
        settings.MAX_MESSAGE_BYTES,
        settings.MAX_REQUEST_BYTES,
        settings.DB_OPERATION_SECONDS,
    )
    try:
        accepted = uploads.take_in(given, actor(), bounds)
    except TooLarge as error:
        receipt.is_too_large = True
        return Outcome(given.name, reason=worded(error))
    except Refused as error:
        return Outcome(given.name, reason=worded(error))
    return Outcome(given.name, accepted)


def of_form(source: str) -> Iterator[Given]:
    """What a form hands in: its files, and the source pasted into it."""
    settings = current_app.extensions["settings"]
    files = [file for file in request.files.getlist("messages") if file.filename]
    if len(files) > settings.MAX_FILES:
        raise RequestEntityTooLarge  # before any is stored
    if pasted := request.form.get("source", "").strip():
        yield Given(BytesIO(_pasted(pasted)), "paste", _("Pasted source"))
    for file in files:
        yield Given(cast("BinaryIO", file.stream), source, file.filename or "")


def _pasted(text: str) -> bytes:
    # A browser sends the lines of a text area with CRLF and the text as UTF-8.
    return text.encode("utf-8", "surrogateescape") + b"\r\n"
