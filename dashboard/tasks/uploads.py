"""Unpacking containers in the background."""

from celery import shared_task
from flask import current_app

from dashboard.services import unpacking
from dashboard.services.jobs import Job
from dashboard.services.uploads import Limits


@shared_task(name=Job.UNPACK)
def unpack(upload_id: str) -> None:
    """Go on unpacking one upload. Safe to run more than once."""
    settings = current_app.extensions["settings"]
    limits = Limits(settings.MAX_MESSAGE_BYTES, settings.MAX_REQUEST_BYTES)
    unpacking.unpack(upload_id, limits)
