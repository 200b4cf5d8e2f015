"""Filling an empty database with a demonstration set, and removing it."""

import time
from typing import Final

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from dashboard.cli.database import needs_database
from dashboard.config import ROOT
from dashboard.documents.connection import now
from dashboard.documents.worker import WorkerHeartbeat
from dashboard.services import demo as demonstration

MESSAGES: Final = ROOT / "tests" / "messages"
LOOK_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 15.0  # a worker that starts shows itself within five
NO_WORKER: Final = (
    "No worker is running: {waiting} messages are stored and wait for one. "
    "Start the product with `make run`; nothing has to be submitted again."
)

demo = AppGroup("demo", help="The demonstration set.")


@demo.command("fill")
@with_appcontext
@needs_database
def fill() -> None:
    """Submit the demonstration set and wait until it is analysed."""
    sources = {path.name: path.read_bytes() for path in sorted(MESSAGES.glob("*.eml"))}
    if not sources:
        raise click.ClickException(f"There are no messages in {MESSAGES}.")
    limit = current_app.extensions["settings"].MAX_MESSAGE_BYTES
    names = demonstration.fill(sources, max_bytes=limit)
    try:
        with click.progressbar(names, len(sources), label="Submitting") as shown:
            for _name in shown:
                pass
    except demonstration.NotEmpty:
        raise click.ClickException(
            "The database holds other analyses. The demonstration set only goes into "
            "an empty one."
        ) from None
    if waiting := _wait(len(sources)):
        click.echo(NO_WORKER.format(waiting=waiting))
        return
    demonstration.judge()
    found = ", ".join(f"{n} {what}" for what, n in demonstration.verdicts().items())
    click.echo(f"{demonstration.size()} messages: {found}.")


@demo.command("clear")
@with_appcontext
@needs_database
def clear() -> None:
    """Remove the demonstration set; nothing else is touched, the trail stays."""
    count = demonstration.size()
    with click.progressbar(demonstration.clear(), count, label="Removing") as shown:
        for _analysis in shown:
            pass
    click.echo(f"{count} messages of the demonstration set were removed.")


def _wait(length: int) -> int:
    """Show how many are analysed; return how many wait without a worker, if any."""
    seen_alive, before = time.monotonic(), 0
    with click.progressbar(length=length, label="Analysing ") as shown:
        while waiting := demonstration.waiting():
            done = length - waiting
            shown.update(done - before)
            before = done
            if WorkerHeartbeat.is_any_alive(now()):
                seen_alive = time.monotonic()
            if time.monotonic() - seen_alive > PATIENCE_SECONDS:
                return waiting
            time.sleep(LOOK_SECONDS)
        shown.update(length - before)
    return 0
