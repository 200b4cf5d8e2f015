"""Commands about accounts."""

import click
from flask import current_app, url_for
from flask.cli import AppGroup, with_appcontext

from dashboard.cli.database import needs_database
from dashboard.services import accounts

users = AppGroup("users", help="Accounts.")


@users.command("first-link")
@with_appcontext
@needs_database
def first_link() -> None:
    """Print a link that creates the first administrator once.

    Prints nothing when there are users already.
    """
    if secret := accounts.new_first_link():
        settings = current_app.extensions["settings"]
        base = f"http://{settings.API_HOST}:{settings.API_PORT}"
        with current_app.test_request_context(base_url=base):
            path = url_for("auth.new_first", secret=secret)
        click.echo("Make the first administrator here; the link works once:")
        click.echo(f"{base}{path}")
