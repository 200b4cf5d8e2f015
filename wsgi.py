"""The entry point for gunicorn, Celery and the `flask` command."""

from dashboard.app import create_app

app = create_app()
celery = app.extensions["celery"]
