"""Trying settings out in the background."""

from celery import shared_task
from flask import current_app

from dashboard.services import comparisons
from dashboard.services.jobs import Job
from dashboard.tasks.analyses import beside


@shared_task(name=Job.PREVIEW)
def compare(preview_id: str) -> None:
    """Judge the next messages of a preview. Safe to run more than once."""
    servers = current_app.extensions["engine_context"]
    comparisons.advance(preview_id, servers, beside(current_app))
