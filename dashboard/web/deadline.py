"""No request waits for the database longer than its settings allow."""

from collections.abc import Callable
from typing import Any, TypeVar

import pymongo
from flask import Flask, current_app, g, request

View = TypeVar("View", bound=Callable[..., Any])

LONG = "_reads_a_long_body"


def init_app(app: Flask) -> None:
    """Bound the database time of each request."""
    app.before_request(begin)
    app.teardown_request(end)


def reads_a_long_body(view: View) -> View:
    """Mark a view that receives uploads: its body may take longer than its queries."""
    setattr(view, LONG, True)
    return view


def begin() -> None:
    """Start the clock, unless the view sets its own around each step."""
    view = current_app.view_functions.get(request.endpoint or "")
    settings = current_app.extensions.get("settings")
    if settings is None or getattr(view, LONG, False):
        return
    g.deadline = pymongo.timeout(settings.DB_OPERATION_SECONDS)
    g.deadline.__enter__()


def end(_error: BaseException | None) -> None:
    """Stop the clock."""
    if deadline := g.pop("deadline", None):
        deadline.__exit__(None, None, None)
