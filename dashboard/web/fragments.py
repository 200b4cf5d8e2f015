"""Parts of pages that are the same for many requests, drawn once and kept.

A fragment sees what it is given and nothing of the request, so that what is kept for
one reader can hold nothing of another. What is given tells one from the other.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import lru_cache, partial
from typing import Final

from flask import Flask, current_app
from jinja2 import StrictUndefined

from dashboard.web.templating import locale, zone_name

MAX_KEPT: Final = 1000
MAX_TIMES: Final = 4000
LOOK: Final = "macros/look.html"
# What a template could learn of a request; using it in a fragment is an error.
PERSONAL: Final = (
    *("current_user", "request", "session", "g", "config"),
    *("csrf_token", "get_flashed_messages", "navigation", "zone_name"),
)


def init_app(app: Flask) -> None:
    """Give templates what is drawn once."""
    app.jinja_env.globals.update(
        kept=kept,
        icon=partial(_drawn, "", "icon"),
        level=_spoken("level"),
        decision=_spoken("decision"),
        time=lambda moment: _timed(zone_name(), moment),
    )


def kept(name: str, **given: Hashable) -> str:
    """A template that shows nothing but what is given, in the reader's language."""
    return _kept(name, locale(), tuple(given.items()))


@lru_cache(maxsize=MAX_KEPT)
def _kept(name: str, _language: str, given: tuple[tuple[str, Hashable], ...]) -> str:
    nothing = {each: StrictUndefined(name=each) for each in PERSONAL}
    template = current_app.jinja_env.get_template(name)
    return template.make_module(nothing | dict(given)).__html__()


def _spoken(macro: str) -> Callable[..., str]:
    return lambda *given: _drawn(locale(), macro, *given)


@lru_cache(maxsize=MAX_KEPT)
def _drawn(_language: str, macro: str, *given: Hashable) -> str:
    """What a macro makes of its arguments, in one language."""
    look = current_app.jinja_env.get_template(LOOK).make_module()
    drawn: str = getattr(look, macro)(*given)
    return drawn


@lru_cache(maxsize=MAX_TIMES)
def _timed(_zone: str, moment: datetime | None) -> str:
    look = current_app.jinja_env.get_template(LOOK).module
    drawn: str = vars(look)["time"](moment)
    return drawn
