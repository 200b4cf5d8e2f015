"""`flask submit`: messages handed in from the command line."""

import pytest

from dashboard.documents.connection import database as stored
from tests import factories


@pytest.fixture
def run(app, database, monkeypatch):
    """The command, on the connection the tests have."""
    monkeypatch.setattr("dashboard.documents.connection.connect", lambda _: None)
    monkeypatch.setattr("dashboard.documents.connection.disconnect", lambda: None)
    runner = app.test_cli_runner()
    return lambda *files: runner.invoke(args=["submit", *map(str, files)])


def saved(folder, name, raw):
    path = folder / name
    path.write_bytes(raw)
    return path


def test_it_submits_each_file_and_says_its_id(run, tmp_path):
    paths = [saved(tmp_path, f"{n}.eml", factories.eml()) for n in range(2)]
    done = run(*paths)

    rows = list(stored()["email_analyses"].find({}).sort("_id"))
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["accepted"] * 2
    assert all(str(row["_id"]) in done.stdout for row in rows)
    assert {row["source"] for row in rows} == {"command"}


def test_a_file_submitted_twice_is_known(run, tmp_path):
    path = saved(tmp_path, "a.eml", factories.eml())

    assert run(path, path).stdout.split()[3] == "known"
    assert stored()["email_analyses"].count_documents({}) == 1


def test_what_is_no_message_is_refused_and_the_rest_submitted(run, tmp_path):
    program = saved(tmp_path, "invoice.eml", b"MZ\x90\x00")
    done = run(program, saved(tmp_path, "b.eml", factories.eml()))

    assert done.exit_code == 1
    assert "a Windows program" in done.output
    assert stored()["email_analyses"].count_documents({}) == 1


def test_a_message_above_the_limit_is_refused(app, run, tmp_path, monkeypatch):
    small = app.extensions["settings"].model_copy(update={"MAX_MESSAGE_BYTES": 1024})
    monkeypatch.setitem(app.extensions, "settings", small)
    done = run(saved(tmp_path, "c.eml", factories.eml(body="x" * 2000)))

    assert done.exit_code == 1
    assert "larger" in done.output


def test_it_writes_who_submitted(run, tmp_path):
    run(saved(tmp_path, "d.eml", factories.eml()))

    event = stored()["audit_logs"].find_one({"action": "analysis:submit"})
    assert event["actor"] == "command line"


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    done = run(tmp_path / "absent.eml")

    assert done.exit_code == 2
    assert "absent.eml" in done.output
