"""Turning exceptions into answers."""

import logging
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from pymongo.errors import PyMongoError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    SecurityError,
    ServiceUnavailable,
)

from dashboard.documents.base import BadCursor
from dashboard.documents.connection import Unavailable
from dashboard.services.analyses import Changed, NotAllowed
from dashboard.services.audit import Event, record
from dashboard.services.messages import MessageLost
from dashboard.web.hypermedia import render, retarget, wants_fragment, wants_json
from dashboard.web.identity import actor, request_id
from dashboard.web.sentences import worded

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
TEXT = "text/plain; charset=utf-8"

# What people read: the title, and what to do next. The rest is said by the number.
WORDS = {
    400: (lazy_gettext("Not understood"), lazy_gettext("Go back and try again.")),
    401: (lazy_gettext("Not signed in"), lazy_gettext("Sign in, then try again.")),
    403: (
        lazy_gettext("Not allowed"),
        lazy_gettext("Your role does not include this. Ask an administrator."),
    ),
    404: (
        lazy_gettext("There is nothing at this address"),
        lazy_gettext(
            "It may have been removed, or it is not yours to see. Both look the same "
            "on purpose."
        ),
    ),
    405: (lazy_gettext("Not possible here"), lazy_gettext("Go back and try again.")),
    409: (lazy_gettext("Changed meanwhile"), lazy_gettext("Load the page again.")),
    413: (
        lazy_gettext("Too large"),
        lazy_gettext("Send fewer or smaller messages at once."),
    ),
    415: (lazy_gettext("Not understood"), lazy_gettext("Send it in another form.")),
    422: (lazy_gettext("Not accepted"), lazy_gettext("Change it and send it again.")),
    429: (lazy_gettext("Too many requests"), lazy_gettext("Wait a minute.")),
    503: (
        lazy_gettext("The database does not answer"),
        lazy_gettext("Nothing was lost. Try again in a few seconds."),
    ),
}
BROKEN = (
    lazy_gettext("This page could not be built"),
    lazy_gettext("Give the request number to whoever runs this server."),
)


def init_app(app: Flask) -> None:
    """Answer every failure in the form its asker understands."""
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(SecurityError, refuse_host)
    app.register_error_handler(CSRFError, refuse_forgery)
    app.register_error_handler(RateLimitExceeded, slow_down)
    app.register_error_handler(BadCursor, lambda _error: show_error(_bad_request()))
    app.register_error_handler(MessageLost, lambda _error: show_error(NotFound()))
    for error in (NotAllowed, Changed):
        app.register_error_handler(error, show_conflict)
    app.register_error_handler(PyMongoError, show_database_error)
    app.log_exception = log_failure  # type: ignore[method-assign,assignment]


def log_failure(failure: Any) -> None:
    """Note what failed by the name of its view: a path may hold a secret."""
    logger.error(
        "request.failed %s %s", request.method, request.endpoint, exc_info=failure
    )


def show_error(error: HTTPException) -> ResponseReturnValue:
    """Describe an error as JSON to a program, as a notice to htmx, else as a page.

    Unhandled exceptions arrive here too, as an `InternalServerError` whose
    description says nothing about the cause.
    """
    if error.response is not None:
        return error.response
    status = error.code or 500
    title, advice = WORDS.get(status, BROKEN)
    said = str(error.description) if getattr(error, "is_said", False) else str(advice)
    headers = _headers(error)
    if wants_json() and not wants_fragment():
        return jsonify(_as_json(status, str(title), said)), status, headers
    try:
        return _page(error, str(title), said), status, headers
    except Exception:
        # What every page needs is broken too: the number and the words still hold.
        logger.exception("page.failed")
        return _plainly(str(title), said), status, {**headers, "Content-Type": TEXT}


def refuse_host(_error: SecurityError) -> ResponseReturnValue:
    """Refuse a host name that is not ours, in plain words: no page has an address."""
    title, advice = WORDS[400]
    return _plainly(str(title), str(advice)), 400, {"Content-Type": TEXT}


def show_conflict(error: Exception) -> ResponseReturnValue:
    """Say why the object does not allow this now."""
    return show_error(said(Conflict(worded(error))))


def said(error: HTTPException) -> HTTPException:
    """Mark an error whose description is meant for people."""
    error.is_said = True  # type: ignore[attr-defined]
    return error


def show_database_error(error: PyMongoError) -> ResponseReturnValue:
    """Tell a database that is away (try again) from one that refuses (a fault)."""
    is_away = isinstance(error, Unavailable) or error.timeout
    logger.error("db.failed %s %s", type(error).__name__, request_id())
    if is_away:
        g.database_is_away = True  # the page that says so must not ask it who reads
        return show_error(ServiceUnavailable())
    raise error


def refuse_forgery(_error: CSRFError) -> ResponseReturnValue:
    """Refuse a form that did not come from a page of this session."""
    why = "CSRF token missing or foreign"
    record(Event.ACCESS_REFUSED, actor(), description=why, metadata=_view())
    advice = _("The form is out of date. Load the page again and repeat.")
    return show_error(said(_bad_request(advice)))


def slow_down(error: RateLimitExceeded) -> ResponseReturnValue:
    """Say how long to wait."""
    is_sign_in = request.blueprint == "auth"
    event = Event.SIGN_IN_LIMITED if is_sign_in else Event.ACCESS_REFUSED
    record(event, actor(), description=str(error.limit.limit), metadata=_view())
    response = current_app.make_response(show_error(error))
    response.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    return response


def _view() -> dict[str, str]:
    """What was asked for, by name: a path may hold a secret."""
    return {"view": request.endpoint or "", "method": request.method}


def not_allowed(advice: str) -> HTTPException:
    """A refusal that tells people why."""
    return said(Forbidden(advice))


def _bad_request(advice: str = "") -> HTTPException:
    return BadRequest(advice or None)


def _page(error: HTTPException, title: str, advice: str) -> Response:
    response = render(
        "errors/page.html",
        "errors/_notice.html",
        status=error.code or 500,
        title=title,
        advice=advice,
        request_id=request_id(),
        cause=_cause(error),
    )
    return retarget(response, "#notices")


def _plainly(title: str, advice: str) -> str:
    return f"{title}. {advice} {request_id()}\n"


def _headers(error: HTTPException) -> dict[str, str]:
    """What the number alone does not tell a program."""
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(sorted(error.valid_methods or ()))}
    return {"Retry-After": str(RETRY_SECONDS)} if error.code == 503 else {}


def _cause(error: HTTPException) -> str:
    original = getattr(error, "original_exception", None)
    settings = current_app.extensions.get("settings")
    is_shown = bool(settings and settings.ERROR_DETAILS and original)
    return f"{type(original).__name__}: {original}" if is_shown else ""


def _as_json(status: int, title: str, message: str) -> dict[str, object]:
    return {
        "error": True,
        "error_code": title.upper().replace(" ", "_"),
        "status": status,
        "message": message,
        "request_id": request_id(),
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
