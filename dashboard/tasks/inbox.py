"""Looking into the watched folder."""

from pathlib import Path

from celery import shared_task
from flask import current_app

from dashboard.services import inbox
from dashboard.services.jobs import Job
from dashboard.services.uploads import Limits


@shared_task(name=Job.SWEEP_INBOX)
def sweep_inbox() -> None:
    """Hand in what lies in the watched folder. Safe to run more than once."""
    settings = current_app.extensions["settings"]
    limits = Limits(settings.MAX_MESSAGE_BYTES, settings.MAX_REQUEST_BYTES)
    if settings.INBOX_DIR:
        inbox.sweep(Path(settings.INBOX_DIR), limits)
