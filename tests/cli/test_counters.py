"""An operator compares the counters with the rows and has them counted anew."""

import pytest

from dashboard.documents import connection
from dashboard.documents.connection import database as stored
from tests import factories


@pytest.fixture
def command(app, database, monkeypatch):
    monkeypatch.setattr(connection, "disconnect", lambda: None)
    monkeypatch.setattr(connection, "connect", lambda _settings: None)
    runner = app.test_cli_runner()
    return lambda name: runner.invoke(args=["counters", name])


def test_says_that_all_is_well(command):
    factories.examined()

    result = command("check")
    assert result.exit_code == 0
    assert "Every counter says what the rows say." in result.output


def test_names_what_is_wrong_and_puts_it_right(command):
    factories.examined()
    wrong = {"$inc": {"facets.level:safe": 2}}
    stored()["daily_counters"].update_many({}, wrong)

    result = command("check")
    assert result.exit_code == 1
    assert "level:safe: 3, not 1" in result.output
    assert "1 days were counted anew." in command("rebuild").output
    assert command("check").exit_code == 0
