"""What has to be done again and again."""

import os
import platform
from pathlib import Path

from celery import shared_task

from dashboard.services import examinations, messages
from dashboard.services.queue import Job


@shared_task(name=Job.SWEEP)
def sweep() -> None:
    """Bring back lost jobs, and show that a child of this worker does its work."""
    examinations.sweep(platform.node())
    if alive := os.environ.get("WORKER_ALIVE_FILE"):
        Path(alive).touch()


@shared_task(name=Job.SWEEP_FILES)
def sweep_files() -> None:
    """Delete stored bytes that no message names."""
    messages.sweep_orphans()
