"""Handing in messages from the command line."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from dashboard.cli.database import needs_database
from dashboard.services import uploads
from dashboard.services.analyses import Accepted, Refused
from dashboard.services.audit import COMMAND
from dashboard.services.uploads import Given, Limits, Opened


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False)
)
@click.pass_context
@with_appcontext
@needs_database
def submit(context: click.Context, files: tuple[str, ...]) -> None:
    """Submit each of FILES for analysis: messages, mailboxes, archives.

    Prints a line a file; the exit status is 1 when any was refused.
    """
    settings = current_app.extensions["settings"]
    limits = Limits(settings.MAX_MESSAGE_BYTES, settings.MAX_REQUEST_BYTES)
    refused = 0
    for name in files:
        try:
            with Path(name).open("rb") as file:
                given = Given(file, "command", Path(name).name)
                accepted = uploads.take_in(given, COMMAND, limits)
        except Refused as error:
            refused += 1
            click.echo(f"refused   {name}: {error}", err=True)
        else:
            state = "accepted" if accepted.is_new else "known"
            click.echo(f"{state:<9} {name} {_told(accepted)}")
    context.exit(1 if refused else 0)


def _told(accepted: Accepted | Opened) -> str:
    """The id of an analysis, or of the upload analyses will come out of."""
    if isinstance(accepted, Opened):
        return f"upload {accepted.upload_id}"
    return accepted.analysis_id
