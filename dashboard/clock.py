"""Celery beat with the schedule alone: it starts fast, and lies idle in little memory.

`python -m dashboard.clock FILE` keeps in FILE when it last asked for what.
`celery -A wsgi:celery beat` does the same, with all of the product around it.
"""

import sys

from dashboard import logs, tasks
from dashboard.config import load


def main() -> None:
    """Ask for what is due, until told to stop."""
    settings = load()
    logs.init_app(settings.LOG_LEVEL)
    clock = tasks.clock(settings)
    clock.Beat(schedule=sys.argv[1], loglevel="WARNING", quiet=True).run()


if __name__ == "__main__":
    main()
