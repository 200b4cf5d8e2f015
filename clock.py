"""The entry point of Celery beat, which needs the schedule and nothing that works."""

from dashboard import tasks
from dashboard.config import load

celery = tasks.clock(load())
