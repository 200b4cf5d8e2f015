"""Who may ask for what: every view declares its policy, the rest is refused."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dashboard.domain.permissions import Permission
from dashboard.extensions import csrf
from dashboard.services.audit import Event, record
from dashboard.web.errors import not_allowed
from dashboard.web.hypermedia import go_to, wants_json
from dashboard.web.identity import actor

View = TypeVar("View", bound=Callable[..., Any])

POLICY = "_policy"
PUBLIC = "public"
SIGNED_IN = "signed in"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    """Check the policy of the view before it runs, then where its form comes from.

    In this order: to find the token a form is read whole, and a stranger's is not.
    """
    app.before_request(check)
    app.before_request(check_form)


def public(view: View) -> View:
    """Let anybody ask for this view."""
    setattr(view, POLICY, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """Let everybody who is signed in ask for this view."""
    setattr(view, POLICY, SIGNED_IN)
    return view


def permission_required(permission: Permission) -> Callable[[View], View]:
    """Let those ask for this view whose role grants the permission."""

    def declare(view: View) -> View:
        setattr(view, POLICY, permission)
        return view

    return declare


def policy_of(endpoint: str) -> str | Permission | None:
    """What a view declared, or None."""
    if endpoint == "static":
        return PUBLIC
    return getattr(current_app.view_functions.get(endpoint), POLICY, None)


def check() -> ResponseReturnValue | None:
    """Refuse what the policy of the view does not allow; no policy allows nothing."""
    if request.endpoint is None:
        return None  # there is no such page; whoever asks learns just that
    policy = policy_of(request.endpoint)
    if policy == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return turn_away()
    if policy == SIGNED_IN:
        return None
    if not isinstance(policy, Permission):
        refuse(policy)
    require(policy)
    return None


def require(permission: Permission) -> None:
    """Refuse whoever's role does not grant the permission."""
    if not current_user.may(permission):
        refuse(permission)


def refuse(policy: object) -> NoReturn:
    """Refuse the request, and note what it would have needed."""
    record(
        Event.ACCESS_REFUSED,
        actor(),
        description=f"{request.method} {request.path}",
        metadata={"needs": str(policy)},
    )
    if not current_user.is_verified:
        raise not_allowed(_("An administrator has yet to verify your address."))
    abort(403)


def check_form() -> None:
    """Refuse a write that does not come from a page of this session."""
    csrf.protect(apply_exemptions=True)


def turn_away() -> ResponseReturnValue:
    """Send a stranger to the sign-in page, and a program away."""
    session.clear()
    is_program = wants_json()
    if is_program or request.method not in SAFE_METHODS:
        refused = f"{request.method} {request.path}"
        record(Event.ACCESS_REFUSED, actor(), description=refused)
    if is_program:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return go_to(url_for("auth.new", next=safe_next(wanted) or None))


def safe_next(target: str) -> str:
    """The target if it is a path of ours that a browser may be sent to, else "".

    By allow-list: one slash, then only characters no browser reads as another host.
    """
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not is_path or len(target) > 2000 or not target.isascii():
        return ""
    if any(c in target for c in "\\@:") or not target.isprintable() or " " in target:
        return ""
    path = urlsplit(target).path
    adapter = current_app.url_map.bind("")
    return target if adapter.test(path, "GET") else ""
