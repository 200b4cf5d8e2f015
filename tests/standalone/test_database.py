"""The embedded database as a child."""

import shutil
import socket
import time

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from dashboard.standalone import running_database
from dashboard.standalone.database import (
    PROBE_MILLISECONDS,
    free_port,
    is_free,
    port_of,
    provision,
    server_at,
)


def test_it_answers_until_its_block_ends_and_leaves_nothing(tmp_path):
    here = tmp_path / "here"
    with running_database(here, sync=False) as uri, MongoClient(uri) as client:
        client.probe.rows.insert_one({"n": 1})
        assert client.probe.rows.find_one({"n": 1})
    assert not (tmp_path / "here").exists()
    assert is_free(port_of(uri))


def test_it_listens_on_loopback_alone(tmp_path):
    with running_database(tmp_path / "here", sync=False) as uri:
        port = f":{port_of(uri):04X}"
        with open("/proc/net/tcp") as table:
            locals_ = [line.split()[1] for line in table if port in line.split()[1]]
    assert locals_
    assert all(local.startswith("0100007F") for local in locals_)


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory):
    """The files of a provisioned database whose password is apple."""
    directory = tmp_path_factory.mktemp("provisioned")
    provision(directory, "apple")
    return directory / "data"


@pytest.fixture
def guarded(provisioned, tmp_path):
    """A provisioned database that asks for a password; its URI."""
    shutil.copytree(provisioned, tmp_path / "data")
    uri = f"mongodb://phishnet:apple@127.0.0.1:{free_port()}/?directConnection=true"
    server = server_at(tmp_path, uri, auth=True)
    server.start()
    server.wait()
    yield server, uri
    server.kill_group()


def test_a_stranger_without_the_password_reads_nothing(guarded):
    _, uri = guarded
    stranger = MongoClient(uri.replace("phishnet:apple@", ""))
    with stranger, pytest.raises(OperationFailure, match="authentication"):
        stranger.phishnet.users.find_one()


def test_a_wrong_password_is_refused(guarded):
    _, uri = guarded
    stranger = MongoClient(uri.replace("apple", "pear"))
    with stranger, pytest.raises(OperationFailure):
        stranger.phishnet.users.find_one()


def test_what_was_acknowledged_survives_kill_9(guarded):
    server, uri = guarded
    with MongoClient(uri) as client:
        for number in range(30):
            client.phishnet.rows.insert_one({"_id": number})
    server.kill_group()
    server.start()
    server.wait()
    with MongoClient(uri) as client:
        assert len(list(client.phishnet.rows.find())) == 30


def test_provisioning_twice_keeps_what_is_there(guarded, tmp_path):
    server, uri = guarded
    with MongoClient(uri) as client:
        client.phishnet.rows.insert_one({"_id": 1})
    server.stop()
    provision(tmp_path, "another")
    server.start()
    server.wait()
    with MongoClient(uri) as client:
        assert client.phishnet.rows.find_one({"_id": 1})


def test_a_first_start_that_was_cut_off_is_begun_anew(tmp_path):
    (tmp_path / "unfinished" / "data").mkdir(parents=True)
    (tmp_path / "unfinished" / "data" / "WiredTiger").write_text("half")
    provision(tmp_path, "apple")
    assert (tmp_path / "data").is_dir()
    assert not (tmp_path / "unfinished").exists()


def test_a_configuration_file_elsewhere_is_not_read(tmp_path, monkeypatch):
    home = tmp_path / "home" / ".secantus"
    home.mkdir(parents=True)
    (home / "secantusd.toml").write_text("port = 1\nhost = 'nowhere.invalid'\n")
    monkeypatch.setenv("HOME", str(home.parent))
    here = tmp_path / "here"
    with running_database(here, sync=False) as uri, MongoClient(uri) as client:
        assert client.admin.command("ping")["ok"] == 1


def test_a_port_somebody_listens_on_is_not_free():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert not is_free(listener.getsockname()[1])


def test_an_address_without_a_port_is_refused():
    with pytest.raises(ValueError, match="no port"):
        port_of("mongodb://127.0.0.1/")


def test_a_database_that_is_not_there_does_not_answer_and_says_so_quickly(tmp_path):
    server = server_at(tmp_path, f"mongodb://127.0.0.1:{free_port()}/")
    began = time.monotonic()
    assert not server.is_ready()
    assert time.monotonic() - began < PROBE_MILLISECONDS / 1000
