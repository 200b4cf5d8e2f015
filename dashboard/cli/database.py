"""What commands need that work beside a running product: settings and a connection."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from flask import current_app
from pymongo.errors import PyMongoError

from dashboard.config import ConfigError
from dashboard.documents import connection, schema
from dashboard.extensions import require_settings

MADE_BY_RUN = "`make run` makes them where it keeps its data."
STARTED_BY_RUN = "On one machine `make run` starts it."

Command = TypeVar("Command", bound=Callable[..., Any])


def needs_database(command: Command) -> Command:
    """Connect before the command runs; say what is missing instead of failing."""

    @wraps(command)
    def connected(*arguments: Any, **options: Any) -> Any:
        try:
            connection.connect(require_settings(current_app))
            schema.prepare()
            return command(*arguments, **options)
        except ConfigError as error:
            advice = f" {MADE_BY_RUN}" if "is not set" in str(error) else ""
            raise click.ClickException(f"{error}{advice}") from None
        except PyMongoError as error:
            kind = type(error).__name__
            raise click.ClickException(
                f"The database does not answer: {kind}. {STARTED_BY_RUN}"
            ) from None
        finally:
            connection.disconnect()

    return connected  # type: ignore[return-value]
