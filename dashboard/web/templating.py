"""What templates may use beyond Jinja: addresses of files, times, defanged text."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, current_app, g, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from dashboard.domain.indicators import reveal
from dashboard.domain.permissions import Permission

Word = TypeVar("Word")

MINUTE, HOUR, DAY = 60, 3600, 86400
MEGABYTE = 1_000_000

_told: dict[tuple[int, str], dict[Any, str]] = {}


def init_app(app: Flask) -> None:
    """Give templates their few words."""
    app.jinja_env.globals.update(
        asset=asset, Permission=Permission, zone_name=zone_name, icons=icons, path=path
    )
    app.jinja_env.globals.update(_=said, gettext=said)
    app.jinja_env.filters.update(local=local, utc=utc, iso=iso)
    app.jinja_env.filters.update(defang=defang, visible=visible, weight=weight)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@cache  # pages name a dozen, and an address is dear to build
def asset(name: str) -> str:
    """The address of a static file, changed whenever its content changes."""
    version = _version(Path(current_app.static_folder or "") / name)
    return url_for("static", filename=name, v=version)


@cache
def path(endpoint: str) -> str:
    """The address of a page that takes no arguments."""
    return url_for(endpoint)


def locale() -> str:
    """The language of this request, asked for once."""
    found: str | None = g.get("locale")
    if found is None:
        found = g.locale = str(get_locale())
    return found


def said(text: str, **values: Any) -> str:
    """A text of a page in the reader's language, with values put in.

    Remembered, for a page says a hundred; what it holds is escaped where it is shown.
    """
    return translated(text) % values


def translated(text: str) -> str:
    """A text in the reader's language, the places in it still empty."""
    return _said(text, locale())


@lru_cache(maxsize=4096)
def _said(text: str, _locale: str) -> str:
    return str(_(text))


def told(words: Mapping[Word, Any]) -> Mapping[Word, str]:
    """A module's table of words in the reader's language, looked up once."""
    place = id(words), locale()
    if place not in _told:
        _told[place] = {name: str(word) for name, word in words.items()}
    return _told[place]


def icons() -> str:
    """The address of the icon sprite."""
    return asset("vendor/icons.svg")


def _version(path: Path) -> str:
    if not path.is_file():
        return "0"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def zone() -> ZoneInfo:
    """The reader's time zone, asked for once; UTC for strangers."""
    found: ZoneInfo | None = g.get("zone")
    if found is None:
        found = g.zone = _zone(getattr(current_user, "time_zone", ""))
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def zone_name() -> str:
    """The name of the reader's time zone."""
    return zone().key


def age(seconds: float, language: str) -> str:
    """So many seconds, in one unit."""
    whole = max(int(seconds), 0)
    unit = next((unit for unit in (DAY, HOUR, MINUTE) if whole >= unit), 0)
    return _distance(unit, whole // unit if unit else 0, language)


@lru_cache(maxsize=4096)  # a list says it once a row
def _distance(unit: int, count: int, _locale: str) -> str:
    if unit == MINUTE:
        said = _("%(count)d min", count=count)
    elif unit == HOUR:
        said = _("%(count)d h", count=count)
    elif unit == DAY:
        said = ngettext("%(num)d day", "%(num)d days", count)
    else:
        said = _("just now")
    return str(said)


def local(moment: datetime | None) -> str:
    """The time in the reader's zone."""
    return _seconds(moment.astimezone(zone())) if moment else ""


def utc(moment: datetime | None) -> str:
    """The exact time in UTC, for hovering."""
    return f"{_seconds(moment.astimezone(UTC))} UTC" if moment else ""


def iso(moment: datetime | None) -> str:
    """The machine-readable form of a time."""
    return f"{_seconds(moment.astimezone(UTC), 'T')}Z" if moment else ""


def _seconds(moment: datetime, between: str = " ") -> str:
    return moment.isoformat(between, "seconds")[:19]


def defang(text: Any) -> str:
    """An address or URL nobody can follow by accident."""
    plain = str(text or "")
    for scheme in ("http", "HTTP", "Http"):
        plain = plain.replace(f"{scheme}://", "hxxp://").replace(
            f"{scheme}s://", "hxxps://"
        )
    return plain.replace(".", "[.]")


def visible(text: str) -> str:
    """The text with whatever cannot be seen or turns its direction written out."""
    return reveal(text)


def weight(size: int) -> str:
    """A size in kB or MB with one decimal."""
    return f"{size / 1e6:,.1f} MB" if size >= MEGABYTE else f"{size / 1000:,.1f} kB"
