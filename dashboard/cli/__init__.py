"""Commands for operators: `flask --app wsgi …`."""

from importlib import import_module
from typing import Final

import click
from flask import Flask
from flask.cli import AppGroup

# Each by its name, and the module it stands in under the same name.
COMMANDS: Final = {
    "analyse": "analyse",
    "counters": "counters",
    "database": "integrity",
    "demo": "demo",
    "submit": "submit",
    "users": "users",
}


class Commands(AppGroup):
    """Loads a command when it is called: the pages run without the engine."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (module := COMMANDS.get(cmd_name)) is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(
            import_module(f"{__name__}.{module}"), cmd_name
        )
        return command


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    app.cli = Commands(name=app.name)
