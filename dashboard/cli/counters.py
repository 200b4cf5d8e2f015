"""Comparing the counters with the rows they count, and counting them anew."""

import click
from flask.cli import AppGroup, with_appcontext

from dashboard.cli.database import needs_database
from dashboard.services import counting

MOST = 40  # differences that are printed

counters = AppGroup("counters", help="The numbers of the overview.")


@counters.command("check")
@with_appcontext
@needs_database
def check() -> None:
    """Compare every counter with the rows; exit with 1 where they differ."""
    found = counting.differences()
    for each in found[:MOST]:
        click.echo(f"{each.day} {each.name}: {each.counted}, not {each.found}")
    if found:
        raise click.ClickException(
            f"{len(found)} counters are wrong. `flask counters rebuild` counts anew."
        )
    click.echo("Every counter says what the rows say.")


@counters.command("rebuild")
@with_appcontext
@needs_database
def rebuild() -> None:
    """Count those days anew that differ. Safe while the product runs."""
    days = counting.rebuild()
    click.echo(f"{days} days were counted anew.")
