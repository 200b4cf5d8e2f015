"""What the parts of the app share: made here, bound by `init_app`."""

from datetime import timedelta

from flask import Flask
from flask.sansio.app import App
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import logs
from dashboard.config import ConfigError, Settings, load
from dashboard.domain.context import Context

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(key_func=get_remote_address, strategy="moving-window")

# Form fields beside the files; a pasted message is read as a field.
FIELD_ALLOWANCE = 1024 * 1024


def init_app(app: Flask, settings: Settings | None) -> None:
    """Bind the extensions. Without settings only commands that need none will run."""
    app.extensions["settings_fault"] = ""
    try:
        settings = settings or load()
    except ConfigError as error:
        app.extensions["settings_fault"] = str(error)
    else:
        _configure(app, settings)
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    babel.init_app(app, default_translation_directories="../translations")
    csrf.init_app(app)
    login_manager.init_app(app)
    limiter.init_app(app)


def require_settings(app: App) -> Settings:
    """The settings; raise `ConfigError` naming every fault when they are not there."""
    if fault := app.extensions["settings_fault"]:
        raise ConfigError(fault)
    settings: Settings = app.extensions["settings"]
    return settings


def _configure(app: Flask, settings: Settings) -> None:
    logs.init_app(settings.LOG_LEVEL)
    app.extensions["settings"] = settings
    app.extensions["engine_context"] = Context(
        trusted_servers=settings.TRUSTED_SERVERS,
        own_domains=settings.OWN_DOMAINS,
        executives=settings.EXECUTIVES,
    )
    prefix = "__Host-" if settings.COOKIE_SECURE else ""
    app.config.update(
        SECRET_KEY=settings.SECRET_KEY.get_secret_value(),
        SESSION_COOKIE_NAME=f"{prefix}phishnet",
        SESSION_COOKIE_SECURE=settings.COOKIE_SECURE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.SESSION_TIMEOUT_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=settings.MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=settings.MAX_MESSAGE_BYTES + FIELD_ALLOWANCE,
        MAX_FORM_PARTS=settings.MAX_FILES + 20,
        TRUSTED_HOSTS=list(settings.TRUSTED_HOSTS),
        WTF_CSRF_CHECK_DEFAULT=False,  # `web.access` checks, once it knows who asks
        WTF_CSRF_TIME_LIMIT=None,  # pages stay open; the token dies with the session
        WTF_CSRF_HEADERS=["X-CSRFToken"],
        RATELIMIT_STORAGE_URI=settings.REDIS_URL.get_secret_value() or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="phishnet:moving-window",
        RATELIMIT_HEADERS_ENABLED=False,  # Retry-After is sent with 429 only
    )
    if hops := settings.TRUSTED_PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=0
        )
