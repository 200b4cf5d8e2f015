"""What has to be done again and again."""

import os
import platform
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from flask import current_app

from dashboard.services import (
    counting,
    deletions,
    examinations,
    idempotency,
    messages,
    sessions,
    unpacking,
)
from dashboard.services.jobs import Job
from dashboard.services.sessions import Lifetimes


@shared_task(name=Job.SWEEP)
def sweep() -> None:
    """Bring back lost jobs, and show that a child of this worker does its work."""
    examinations.sweep(platform.node())
    unpacking.sweep()
    if alive := os.environ.get("WORKER_ALIVE_FILE"):
        Path(alive).touch()


@shared_task(name=Job.SWEEP_FILES)
def sweep_files() -> None:
    """Delete stored bytes that no message names."""
    deletions.tidy()
    messages.sweep_orphans()
    idempotency.sweep()


@shared_task(name=Job.TIDY)
def tidy() -> None:
    """Remove what deleted messages left behind, soon after they were deleted."""
    deletions.tidy()


@shared_task(name=Job.SWEEP_SESSIONS)
def sweep_sessions() -> None:
    """Mark sessions nobody uses any longer as ended."""
    settings = current_app.extensions["settings"]
    absolute = timedelta(hours=settings.SESSION_TIMEOUT_HOURS)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    sessions.sweep(Lifetimes(absolute, idle))


@shared_task(name=Job.GATHER_COUNTERS)
def gather_counters() -> None:
    """Lay together the counters of days nothing comes in for any longer."""
    counting.gather()
