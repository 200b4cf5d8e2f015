"""The entry point for gunicorn, Celery and the `flask` command."""

import gc

gc.disable()  # what a process is built of is no garbage: looking through it takes time

from dashboard.app import create_app  # noqa: E402

app = create_app()
celery = app.extensions["celery"]

gc.enable()
