"""The entry point for gunicorn, Celery and the `flask` command."""

from dashboard import create_app

app = create_app()
celery = app.extensions["celery"]
