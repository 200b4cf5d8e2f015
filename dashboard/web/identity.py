"""What every request is known by: its id, and who makes it."""

import secrets
from datetime import timedelta

from flask import Flask, Request, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.user import Account
from dashboard.domain.networks import AddressPolicy
from dashboard.extensions import login_manager
from dashboard.services import sessions
from dashboard.services.audit import Actor
from dashboard.services.sessions import Lifetimes

SESSION_SECRET = "sid"  # noqa: S105 - the name of the field, not a secret


def init_app(app: Flask) -> None:
    """Name every request before anything else happens."""
    app.before_request(name_request)
    login_manager.session_protection = None  # sessions are bound by our own rule
    login_manager.request_loader(load_account)
    app.extensions["babel"].locale_selector = language


def name_request() -> ResponseReturnValue | None:
    """Make up an id; one sent by the client is never trusted."""
    g.request_id = f"req_{secrets.token_hex(8)}"
    return None


def request_id() -> str:
    """The id of this request, also before and after its hooks."""
    found: str = g.get("request_id", "")
    return found


def load_account(_request: Request) -> Account | None:
    """Who is signed in, asked of the database at every request."""
    secret = session.get(SESSION_SECRET)
    if g.get("database_is_away") or not isinstance(secret, str):
        return None
    policy = AddressPolicy(current_app.extensions["settings"].SESSION_ADDRESS)
    return sessions.resolve(secret, actor("anonymous"), lifetimes(), policy)


def language() -> str | None:
    """The language the reader chose, once it is known who reads."""
    reader = g.get("_login_user")
    return getattr(reader, "language", None)


def lifetimes() -> Lifetimes:
    """How long sessions last, by the settings."""
    settings = current_app.extensions["settings"]
    return Lifetimes(
        timedelta(hours=settings.SESSION_TIMEOUT_HOURS),
        timedelta(minutes=settings.SESSION_IDLE_MINUTES),
    )


def actor(name: str = "") -> Actor:
    """Who acts in this request, for the audit trail."""
    account = current_user if not name and current_user.is_authenticated else None
    return Actor(
        name=account.username if account else name or "anonymous",
        user_id=account.id if account else "",
        ip_address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        request_id=request_id(),
    )
