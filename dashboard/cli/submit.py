"""Handing in messages from the command line."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from dashboard.cli.database import needs_database
from dashboard.services import analyses
from dashboard.services.analyses import Refused, Submission
from dashboard.services.audit import COMMAND


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False)
)
@click.pass_context
@with_appcontext
@needs_database
def submit(context: click.Context, files: tuple[str, ...]) -> None:
    """Submit each of FILES for analysis, as an upload would.

    Prints a line a file; the exit status is 1 when any was refused.
    """
    limit = current_app.extensions["settings"].MAX_MESSAGE_BYTES
    refused = 0
    for name in files:
        with Path(name).open("rb") as file:
            submission = Submission(file.read(limit + 1), "command", Path(name).name)
        try:
            accepted = analyses.submit(submission, COMMAND, max_bytes=limit)
        except Refused as error:
            refused += 1
            click.echo(f"refused   {name}: {error}", err=True)
        else:
            state = "accepted" if accepted.is_new else "known"
            click.echo(f"{state:<9} {name} {accepted.analysis_id}")
    context.exit(1 if refused else 0)
