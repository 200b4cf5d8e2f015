"""Everything that knows HTTP."""

from flask import Flask

from dashboard.web import (
    access,
    answers,
    compression,
    deadline,
    errors,
    fragments,
    headers,
    identity,
    navigation,
    templating,
)
from dashboard.web.blueprints import (
    analyses,
    api,
    api_indicators,
    api_users,
    audit,
    auth,
    bulk,
    exports,
    health,
    indicators,
    overview,
    profile,
    sessions,
    settings,
    uploads,
    users,
)


def init_app(app: Flask) -> None:
    """Bind the pages and what stands around every one of them."""
    identity.init_app(app)
    answers.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    deadline.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    templating.init_app(app)
    fragments.init_app(app)
    app.jinja_env.globals.update(navigation=navigation)
    for blueprint in (
        auth.bp,
        analyses.bp,
        api.bp,
        api_indicators.bp,
        api_users.bp,
        audit.bp,
        bulk.bp,
        exports.bp,
        health.bp,
        indicators.bp,
        overview.bp,
        profile.bp,
        sessions.bp,
        settings.bp,
        uploads.bp,
        users.bp,
    ):
        app.register_blueprint(blueprint)
