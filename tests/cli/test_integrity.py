"""An operator has every relation checked and learns what is not there."""

from io import BytesIO

import pytest
from bson import ObjectId

from dashboard.documents import connection
from dashboard.documents.connection import database as stored
from dashboard.services import files, uploads
from dashboard.services.audit import Actor
from dashboard.services.uploads import Given, Limits
from tests import factories
from tests.containers import mbox
from tests.web.examined import examined


@pytest.fixture
def command(app, database, monkeypatch):
    monkeypatch.setattr(connection, "disconnect", lambda: None)
    monkeypatch.setattr(connection, "connect", lambda _settings: None)
    runner = app.test_cli_runner()
    return lambda: runner.invoke(args=["database", "integrity"])


@pytest.fixture
def analysis(app, database, monkeypatch):
    """The id of an analysis that is whole, with its job, receipt and sightings."""
    monkeypatch.setattr(files, "SMALL", -1)  # so that its bytes are in a file
    owner = factories.account()
    factories.begin_session(owner)
    return ObjectId(examined(owner))


def test_says_that_all_is_there(command, analysis):
    result = command()

    assert "Everything that is named is there." in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("users", "email_analyses {0}: its submitter has no account"),
        ("users", "persistent_sessions"),
        ("messages", "email_analyses {0}: its message is not stored"),
        ("fs.files", "its bytes are lost"),
        ("email_analyses", "it has no analysis (email_analyses {0})"),
        ("email_analyses", "of no analysis"),
        ("email_analyses", "sightings"),
        ("analysis_jobs", "of no job"),
    ],
)
def test_names_what_lost_its_counterpart_by_hand(command, analysis, gone, named):
    stored()[gone].delete_many({})

    result = command()

    assert named.format(analysis) in result.output
    assert "rows name what is not there." in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("gone", "named"),
    [("users", "its submitter has no account"), ("fs.files", "its bytes are lost")],
)
def test_names_what_an_upload_lost_by_hand(command, app, database, gone, named):
    owner = factories.account()
    given = Given(BytesIO(mbox(factories.eml())), "upload", "box.mbox")
    who = Actor(owner.username, owner.id)
    upload = uploads.take_in(given, who, Limits(1_000_000, 1_000_000)).upload_id
    assert command().exit_code == 0
    stored()[gone].delete_many({})

    assert f"uploads {upload}: {named}" in command().output


def test_names_what_waits_without_a_job(command, app, database):
    waiting = factories.submitted(factories.account())
    stored()["analysis_jobs"].delete_many({})

    assert f"email_analyses {waiting}: waits for ever" in command().output


def test_asks_for_no_account_of_what_a_command_submitted(command, analysis):
    stored()["email_analyses"].update_many({}, {"$set": {"user_id": "command line"}})

    assert command().exit_code == 0
