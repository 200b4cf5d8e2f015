"""Finding rows whose counterpart is gone."""

import click
from flask.cli import AppGroup, with_appcontext

from dashboard.cli.database import needs_database
from dashboard.services import integrity as service

MOST = 40  # orphans that are printed

database = AppGroup("database", help="What is stored.")


@database.command("integrity")
@with_appcontext
@needs_database
def integrity() -> None:
    """Look for rows that name what is not there; exit with 1 where there are any."""
    count = 0
    for count, each in enumerate(service.orphans(), start=1):
        if count <= MOST:
            click.echo(f"{each.collection} {each.id}: {each.why} ({each.missing})")
    if count:
        raise click.ClickException(f"{count} rows name what is not there.")
    click.echo("Everything that is named is there.")
