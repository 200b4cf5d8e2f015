"""Celery beat with the schedule alone: it starts fast, and lies idle in little memory.

`python -m dashboard.clock FILE` keeps in FILE when it last asked for what.
`celery -A wsgi:celery beat` does the same, with all of the product around it.
"""

import sys

from dashboard import logs, tasks
from dashboard.config import load

settings = load()
logs.init_app(settings.LOG_LEVEL)
celery = tasks.clock(settings)

if __name__ == "__main__":
    celery.Beat(schedule=sys.argv[1], loglevel="WARNING", quiet=True).run()
