"""Examining messages in the background."""

from celery import shared_task
from flask import current_app

from dashboard.services import examinations, organisation, outside
from dashboard.services.jobs import Job


@shared_task(name=Job.EXAMINE, bind=True)
def examine_analysis(self, job_id: str) -> None:  # type: ignore[no-untyped-def]
    """Examine the message of one job. Safe to run more than once."""
    context = organisation.current(current_app.extensions["engine_context"])
    settings = current_app.extensions["settings"]
    beside = outside.allowed(
        dns_checks=settings.DNS_CHECKS, dns_servers=settings.DNS_SERVERS
    )
    examinations.run(job_id, self.request.id, context, beside)


@shared_task(name=Job.REPORT_LOSS)
def report_loss(job_id: str, task_id: str, kind: str, reason: str) -> None:
    """Give back a job whose child died. Safe to run more than once."""
    is_counted = kind == "counted"
    examinations.give_back(job_id, task_id, counted=is_counted, reason=reason)
