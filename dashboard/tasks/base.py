"""How a task that works for a job ends when it does not end well."""

import logging
from typing import Any, Final

from billiard.exceptions import (
    SoftTimeLimitExceeded,
    TimeLimitExceeded,
    WorkerLostError,
)
from celery import Task
from celery.worker.request import Request
from pymongo.errors import PyMongoError

from dashboard.services import examinations
from dashboard.services.examinations import BROKE, CRASHED, TOO_BIG, TOO_SLOW
from dashboard.services.jobs import Job
from dashboard.services.queue import enqueue

logger = logging.getLogger(__name__)

SEEN_BY_PARENT: Final = (TimeLimitExceeded, WorkerLostError)

KILLED_FROM_OUTSIDE: Final = "signal 9"


class JobRequest(Request):
    """A task as the worker's parent sees it: the only witness of a child's death.

    The parent has no connection to the database, so it asks a child to report.
    """

    def on_timeout(self, soft: bool, timeout: float) -> None:
        super().on_timeout(soft, timeout)
        if not soft:
            self._report(TimeLimitExceeded(timeout))

    def on_failure(self, exc_info: Any, *args: Any, **options: Any) -> None:
        super().on_failure(exc_info, *args, **options)
        if isinstance(exc_info.exception, WorkerLostError):
            self._report(exc_info.exception)

    def _report(self, error: Exception) -> None:
        if self.name == Job.EXAMINE and self.args:
            enqueue(Job.REPORT_LOSS, self.args[0], self.id, *_verdict_on(error))


class JobTask(Task):
    """A task of ours; its first argument, where it works for a job, is the job's id."""

    Request = JobRequest

    def on_failure(
        self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any
    ) -> None:
        """Give the job back at once. What the database cannot hear, the lease tells."""
        if self.name != Job.EXAMINE or isinstance(exc, (PyMongoError, *SEEN_BY_PARENT)):
            return
        is_slow = isinstance(exc, SoftTimeLimitExceeded)
        counted = examinations.is_reading() or not is_slow  # else the database was slow
        try:
            examinations.give_back(args[0], task_id, counted=counted, reason=_why(exc))
        except PyMongoError:
            logger.warning("queue.unreported %s", args[0])


def _why(error: Exception) -> str:
    if isinstance(error, SoftTimeLimitExceeded):
        return TOO_SLOW
    return TOO_BIG if isinstance(error, MemoryError) else BROKE


def _verdict_on(error: Exception) -> tuple[str, str]:
    """Whether a child's end counts as an attempt ("counted" or "lost"), and why."""
    if isinstance(error, TimeLimitExceeded):
        return "counted", TOO_SLOW
    if KILLED_FROM_OUTSIDE in str(error):
        return "lost", examinations.LOST
    return "counted", CRASHED
