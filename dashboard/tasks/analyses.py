"""Examining messages in the background."""

from celery import shared_task
from flask import Flask, current_app

from dashboard.services import examinations, organisation, outside
from dashboard.services.jobs import Job
from dashboard.services.outside import Outside


def beside(app: Flask) -> Outside:
    """Whom the settings allow a worker to ask; made once in its process."""
    settings = app.extensions["settings"]
    return outside.allowed(
        dns_checks=settings.DNS_CHECKS,
        dns_servers=settings.DNS_SERVERS,
        rules_dir=settings.YARA_RULES_DIR,
    )


@shared_task(name=Job.EXAMINE, bind=True)
def examine_analysis(self, job_id: str) -> None:  # type: ignore[no-untyped-def]
    """Examine the message of one job. Safe to run more than once."""
    context = organisation.current(current_app.extensions["engine_context"])
    examinations.run(job_id, self.request.id, context, beside(current_app))


@shared_task(name=Job.REPORT_LOSS)
def report_loss(job_id: str, task_id: str, kind: str, reason: str) -> None:
    """Give back a job whose child died. Safe to run more than once."""
    is_counted = kind == "counted"
    examinations.give_back(job_id, task_id, counted=is_counted, reason=reason)
