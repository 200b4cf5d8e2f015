"""The application, put together from its parts."""

from flask import Flask

from dashboard import cli, extensions, tasks, web
from dashboard.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; read this function as its table of contents.

    Nothing connects here: the parents of workers and web servers import this, and a
    connection must not cross their fork.
    """
    app = Flask("dashboard", template_folder="../templates", static_folder="../static")

    extensions.init_app(app, settings)
    tasks.init_app(app)
    web.init_app(app)
    cli.init_app(app)

    return app
