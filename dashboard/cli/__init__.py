"""Commands for operators: `flask --app wsgi …`."""

from flask import Flask

from dashboard.cli.analyse import analyse
from dashboard.cli.counters import counters
from dashboard.cli.demo import demo
from dashboard.cli.integrity import database
from dashboard.cli.submit import submit
from dashboard.cli.users import users


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for command in (users, submit, analyse, counters, database, demo):
        app.cli.add_command(command)
