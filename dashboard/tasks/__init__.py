"""Work done outside a request. `celery -A wsgi:celery worker` runs it."""

from typing import Any, Final

from celery import Celery
from flask import Flask

from dashboard.services.jobs import Job
from dashboard.tasks import transport

SOFT_SECONDS = 8
HARD_SECONDS = 10  # below queue.LEASE, so that no second copy starts beside the first
SWEEP_SECONDS = 5.0
EXPORTS_SECONDS = 20.0
SESSIONS_SECONDS = 300.0
DAY_SECONDS = 86_400.0
COUNTERS_SECONDS = 3600.0

SCHEDULE = {
    Job.SWEEP: {
        "task": Job.SWEEP,
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 2},
    },
    Job.SWEEP_EXPORTS: {
        "task": Job.SWEEP_EXPORTS,
        "schedule": EXPORTS_SECONDS,
        "options": {"expires": EXPORTS_SECONDS},
    },
    Job.SWEEP_FILES: {"task": Job.SWEEP_FILES, "schedule": DAY_SECONDS},
    Job.SWEEP_SESSIONS: {
        "task": Job.SWEEP_SESSIONS,
        "schedule": SESSIONS_SECONDS,
        "options": {"expires": SESSIONS_SECONDS},
    },
    Job.GATHER_COUNTERS: {
        "task": Job.GATHER_COUNTERS,
        "schedule": COUNTERS_SECONDS,
        "options": {"expires": COUNTERS_SECONDS},
    },
}
WATCHING = {
    Job.SWEEP_INBOX: {
        "task": Job.SWEEP_INBOX,
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 2},
    },
}

# What a worker imports when it starts. The web asks by name and has none of it.
WORK: Final = (
    "dashboard.tasks.lifecycle",
    "dashboard.tasks.analyses",
    "dashboard.tasks.exports",
    "dashboard.tasks.inbox",
    "dashboard.tasks.previews",
    "dashboard.tasks.uploads",
    "dashboard.tasks.upkeep",
)


def init_app(app: Flask) -> None:
    """Give the app its Celery. Nothing connects here: Celery's parent imports this."""
    settings = app.extensions.get("settings")
    celery = clock(settings) if settings else _asking(app.name)
    celery.conf.update(
        imports=WORK,
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_soft_time_limit=SOFT_SECONDS,
        task_time_limit=HARD_SECONDS,
        worker_prefetch_multiplier=4,
        worker_max_tasks_per_child=500,
        worker_enable_remote_control=False,
        worker_proc_alive_timeout=30,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )
    celery.task_cls = "dashboard.tasks.base:JobTask"
    celery.flask = app
    celery.set_default()
    app.extensions["celery"] = celery


def clock(settings: Any) -> Celery:
    """A Celery that asks for what is due, and knows nothing of how it is done."""
    celery = _asking("dashboard")
    celery.conf.broker_url = settings.broker_url
    if settings.INBOX_DIR:
        celery.conf.beat_schedule = {**SCHEDULE, **WATCHING}
    return celery


def _asking(name: str) -> Celery:
    transport.register()
    celery = Celery(name, fixups=())
    celery.conf.update(
        task_default_queue="phishnet",
        task_ignore_result=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,  # our log lines go there as they are
        beat_schedule=SCHEDULE,
        timezone="UTC",
    )
    return celery
