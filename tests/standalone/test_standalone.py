"""The product as one command: it starts, watches itself, and leaves nothing behind."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo import MongoClient

from dashboard.standalone import running_database
from tests.product import AWAY, FIRST_LINK, ROOT, Client, Product, running, wait_for

pytestmark = [pytest.mark.standalone, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """One product for the whole module; a test may end it."""
    with running(tmp_path_factory.mktemp("standalone") / "var") as product:
        yield product


@pytest.fixture
def product(installed):
    """The product, running, whatever the test before did to it."""
    if installed.process.poll() is not None:
        installed.start()
    return installed


@pytest.fixture
def at_rest(installed):
    """The product, stopped, whatever the test before did to it."""
    installed.stop()
    return installed


def answers(product: Product) -> bool:
    with suppress(*AWAY):
        return Client(product.port).request("GET", "/health/ready")[0] == 200
    return False


def link_makers(product: Product) -> list[int]:
    """The processes that make the link for the first administrator."""
    named = Path("/proc").joinpath
    return [
        pid
        for pid in product.pids()
        if b"first-link" in named(str(pid), "cmdline").read_bytes()
    ]


def attempt(product: Product, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start a second product on the same folder and wait for its end."""
    given = {"VAR_DIR": str(product.directory), "API_PORT": str(product.port)}
    return subprocess.run(
        [sys.executable, "-m", "dashboard.standalone"],
        env={**os.environ, **given, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_pages_answer_once_it_says_so(product):
    assert Client(product.port).request("GET", "/health/ping")[0] == 200
    assert answers(product)


def test_a_database_without_users_gets_a_link_for_the_first_one(product):
    """A command beside the product makes the next one, and the last one counts."""
    client = Client(product.port)
    printed = client.request("GET", product.first_link())
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "users", "first-link"],
        env={**os.environ, "VAR_DIR": str(product.directory)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = client.request("GET", FIRST_LINK.search(done.stdout).group(1))

    for status, page in (printed, made):
        assert status == 200
        assert 'type="password"' in page
    assert client.request("GET", product.first_link())[0] == 404


def test_only_its_owner_may_read_its_secrets(product):
    mode = (product.directory / "phishnet.env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_database_refuses_who_does_not_know_the_password(product):
    uri = product.kept()["MONGODB_URI"]
    password = product.kept()["DATABASE_PASSWORD"]
    with MongoClient(uri.replace(f"phishnet:{password}@", "")) as stranger:
        answer = stranger.admin.command("hello")
        assert answer["ok"] == 1
        with pytest.raises(Exception, match="authentication"):
            stranger.phishnet.users.find_one()


def test_nothing_is_written_outside_its_folder_and_the_queue_is_closed(product):
    for name in ("queue", "database", "tmp", "log"):
        assert (product.directory / name).stat().st_mode & 0o077 == 0


def test_a_second_one_on_the_same_folder_is_refused(product):
    second = attempt(product)
    assert second.returncode == 1
    assert "already running" in second.stdout
    assert answers(product)


def test_a_taken_port_is_named(product, tmp_path):
    second = attempt(product, VAR_DIR=str(tmp_path / "other"))
    assert second.returncode == 1
    assert f"port {product.port}" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr


@pytest.mark.parametrize("kind", ["web", "worker", "beat", "database"])
def test_a_killed_child_is_restarted_and_said_so(product, kind):
    before = product.children(kind)
    os.kill(before[0], signal.SIGKILL)
    wait_for(
        lambda: bool(set(product.children(kind)) - set(before)), 20, product.explain
    )
    wait_for(lambda: answers(product), 20, product.explain)
    assert f"{kind} was ended by SIGKILL; restarting it" in product.said
    wait_for(lambda: not set(before) & set(product.pids()), 10, product.explain)


def test_a_stopped_worker_is_found_out_and_replaced(product):
    worker = product.children("worker")[0]
    wait_for((product.directory / "worker.alive").exists, 20, product.explain)
    for pid in product.children("worker"):
        os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: worker not in product.pids(), 60, product.explain)
    assert "worker does no work" in product.said
    wait_for(lambda: len(product.children("worker")) > 2, 20, product.explain)


@pytest.mark.ends
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_leaves_nothing_and_ends_well(product, number):
    started = set(product.pids())
    product.process.send_signal(number)
    assert product.process.wait(30) == 0
    assert not started & set(product.pids())


def test_killed_itself_it_leaves_no_process_and_loses_nothing(tmp_path):
    with running(tmp_path / "var") as product:
        product.signed_in()
        secret = product.kept()["SECRET_KEY"]
        product.process.kill()
        product.process.wait()
        wait_for(lambda: not product.pids(), 5, product.explain)
        product.start()
        assert product.kept()["SECRET_KEY"] == secret
        assert product.again().request("GET", "/analyses")[0] == 200
        wait_for(lambda: not link_makers(product), 20, product.explain)
        assert "/first/" not in product.said


def test_a_database_that_is_given_is_used_instead(tmp_path):
    with running_database(tmp_path / "given", sync=False) as uri:
        with running(tmp_path / "var", MONGODB_URI=uri) as product:
            product.first_link()
            assert not (tmp_path / "var" / "database").exists()
            assert "MONGODB_URI" not in product.kept()
        with MongoClient(uri) as client:
            assert "users" in client["phishnet"].list_collection_names()


@pytest.mark.ends
def test_a_lost_password_is_said_before_anything_is_started(at_rest):
    secrets = at_rest.directory / "phishnet.env"
    lost = secrets.rename(at_rest.directory / "lost.env")
    try:
        again = attempt(at_rest)
        assert again.returncode == 1
        assert "password of the database" in again.stdout
        assert not secrets.exists()
    finally:
        lost.replace(secrets)
