"""Writing long exports in the background."""

from celery import shared_task

from dashboard.services import exports, previews
from dashboard.services.jobs import Job


@shared_task(name=Job.EXPORT)
def write_export(export_id: str) -> None:
    """Write the next piece of an export. Safe to run more than once."""
    exports.advance(export_id)


@shared_task(name=Job.SWEEP_EXPORTS)
def sweep_exports() -> None:
    """Go on with what stands still, and delete what has expired; previews as well."""
    exports.sweep()
    previews.sweep()
