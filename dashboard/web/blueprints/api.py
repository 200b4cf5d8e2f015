"""Handing in messages from a program, each request once however often it is sent."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import Conflict, UnprocessableEntity

from dashboard.domain.permissions import Permission
from dashboard.extensions import limiter
from dashboard.services.idempotency import Answer, KeyReused, StillWorking, once
from dashboard.web import bodies, submissions
from dashboard.web.access import permission_required
from dashboard.web.deadline import reads_a_long_body
from dashboard.web.errors import said

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MAX_KEY = 200


@bp.post("/messages")
@permission_required(Permission.SUBMIT_MESSAGES)
@limiter.limit(submissions.limit, key_func=submissions.submitter)
@reads_a_long_body
def create() -> ResponseReturnValue:
    """Submit what the body holds; the same key and body give the same answer."""
    key = _key()
    with bodies.reading() as given:

        def work() -> Answer:
            receipt = submissions.receive(given)
            return receipt.status, receipt.as_json()

        status, answer = (
            work() if key is None else _once(key, bodies.digest(given), work)
        )
    return jsonify(answer), status


def _once(key: str, digest: str, work: submissions.Work) -> Answer:
    try:
        return once(str(current_user.id), key, digest, work)
    except KeyReused:
        raise said(
            UnprocessableEntity(_("This Idempotency-Key came with another body."))
        ) from None
    except StillWorking:
        raise said(
            Conflict(_("The first request with this key is not answered yet."))
        ) from None


def _key() -> str | None:
    """The key of the request, if it has one; 422 for what is none."""
    key = request.headers.get("Idempotency-Key")
    if key is None or (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        return key
    raise said(
        UnprocessableEntity(_("An Idempotency-Key has 1 to 200 ASCII characters."))
    )
