"""A command that lacks its database says so, and what to do, without a traceback."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from flask import Flask
from pymongo.errors import ServerSelectionTimeoutError

from dashboard.app import create_app
from dashboard.documents import connection


@pytest.fixture
def another(app: Flask) -> Iterator[Callable[[], Flask]]:
    """Makes a second app; afterwards jobs go to the first one's broker again."""
    yield create_app
    app.extensions["celery"].set_current()
    app.extensions["celery"].set_default()


def test_a_missing_database_is_said_with_what_starts_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_settings: object) -> NoReturn:
        raise ServerSelectionTimeoutError("nobody there")

    monkeypatch.setattr(connection, "connect", away)
    monkeypatch.setattr(connection, "disconnect", lambda: None)

    result = app.test_cli_runner().invoke(args=["demo", "fill"])

    assert result.exit_code == 1
    assert "The database does not answer: ServerSelectionTimeoutError" in result.output
    assert "make run" in result.output
    assert "nobody there" not in result.output


def test_missing_settings_are_all_named(
    another: Callable[[], Flask],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for name in ("MONGODB_URI", "MONGO_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path_factory.mktemp("empty")))
    monkeypatch.setattr(connection, "disconnect", lambda: None)

    result = another().test_cli_runner().invoke(args=["demo", "clear"])

    assert result.exit_code == 1
    assert "MONGODB_URI is not set; SECRET_KEY is not set" in result.output
    assert "make run" in result.output
