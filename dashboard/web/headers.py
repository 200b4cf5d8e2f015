"""The headers every answer carries."""

from typing import Final

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from dashboard.web.identity import request_id

CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
YEAR: Final = 31_536_000


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, with which the files of the pages have no business.

    They are the same for everybody: a cache may keep one for all.
    """

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        if not is_file(response):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Complete every answer, errors and redirects included."""
    app.session_interface = Sessions()
    app.after_request(complete)


def is_file(response: Response) -> bool:
    """Whether this is a file of the pages, and not the page that says there is none."""
    return request.endpoint == "static" and response.status_code < 400


def complete(response: Response) -> Response:
    """Add what the view did not set itself."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers["X-Request-ID"] = request_id()
    if is_file(response):
        # Names of static files carry the hash of their content as a query.
        hashed = "v" in request.args
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR if hashed else 300
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
