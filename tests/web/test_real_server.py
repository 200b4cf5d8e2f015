"""Gunicorn itself: what it lets through, and what its processes survive."""

import os
import select
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException

import psutil
import pytest

from dashboard.documents.connection import database as stored
from tests import factories
from tests.product import ROOT, Client, free_port, wait_for

LIMIT = 1_000_000  # bytes a request, so that a test stays small
ESTABLISHED = "01"  # in /proc/net/tcp
PIECE = b"x" * 50_000
HEAD = b'--b\r\nContent-Disposition: form-data; name="messages"; filename="a"\r\n\r\n'


@contextmanager
def serving(settings, folder, *options):
    """Gunicorn as it is started everywhere, on the database of the tests."""
    port, log = free_port(), folder / "web.log"
    argv = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", *options]
    told = {**os.environ, **environment(settings), "API_PORT": str(port)}
    with log.open("w") as output:
        web = psutil.Popen(
            [*argv, "wsgi:app"], cwd=ROOT, env=told, stdout=output, stderr=output
        )
    try:
        wait_for(lambda: lives(port), 60, log.read_text)
        yield web, port
    finally:
        with suppress(psutil.NoSuchProcess):
            web.terminate()
        web.wait(20)


@pytest.fixture(autouse=True)
def _written_by_the_server(written, database):
    """Its processes write to the database of the tests as well."""
    written.by_others()


@pytest.fixture(scope="module")
def server(app, settings, tmp_path_factory):
    """One web process, as `make run` has it."""
    with serving(settings, tmp_path_factory.mktemp("web")) as (web, port):
        yield web, port


@pytest.fixture(scope="module")
def four(app, settings, tmp_path_factory):
    """Four of them, as behind a proxy."""
    with serving(settings, tmp_path_factory.mktemp("web"), "-w", "4") as (web, port):
        wait_for(lambda: len(web.children()) == 4, 30)
        yield web, port


def environment(settings):
    return {
        "SECRET_KEY": settings.SECRET_KEY.get_secret_value(),
        "MONGODB_URI": settings.MONGODB_URI.get_secret_value(),
        "MONGODB_DATABASE": settings.MONGODB_DATABASE,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL.get_secret_value(),
        "VAR_DIR": str(settings.VAR_DIR),
        "MAX_REQUEST_BYTES": str(LIMIT),
    }


@pytest.fixture
def cookie(app, database):
    """The cookie of an analyst's browser."""
    secret = factories.begin_session(factories.account("analyst"), agent="")
    signer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'sid': secret})}"


def lives(port):
    with suppress(OSError):
        return Client(port).request("GET", "/health/live")[0] == 200
    return False


def is_taken(port):
    """Whether a connection was accepted there, and everything sent on it was read."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table]
    return any(
        row[1].endswith(f":{port:04X}")
        and row[3] == ESTABLISHED
        # Nothing waits to be read, and a process holds the socket.
        and row[4].endswith(":00000000")
        and row[9] != "0"
        for row in rows
    )


def send(port, cookie, body, *headers):
    """Send until the server answers; return its status and how much had been sent."""
    lines = ["POST /analyses HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers]
    lines += ["Content-Type: multipart/form-data; boundary=b", f"Cookie: {cookie}"]
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        for piece in body:
            if select.select([connection], [], [], 0)[0]:
                break
            with suppress(ConnectionError):
                connection.sendall(piece)
            sent += len(piece)
        return int(connection.recv(20).split()[1]), sent


def page(port, cookie):
    """How the server answers somebody who is signed in; 0 if it does not."""
    with suppress(OSError, HTTPException):
        return Client(port).request("GET", "/analyses", Cookie=cookie)[0]
    return 0


def chunks(count):
    """A body without a length, far longer than is allowed."""
    for piece in (HEAD, *[PIECE] * count):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def memory(web):
    return sum(each.memory_info().rss for each in (web, *web.children()))


def rows():
    return stored()["email_analyses"].count_documents({})


def test_a_length_above_the_limit_is_refused_before_the_body(server, cookie):
    _web, port = server

    status, sent = send(port, cookie, [], f"Content-Length: {LIMIT + 1}")
    assert (status, sent) == (413, 0)


def test_a_body_without_a_length_is_refused_while_it_is_counted(server, cookie):
    web, port = server
    before = memory(web)
    status, sent = send(port, cookie, chunks(600), "Transfer-Encoding: chunked")

    assert status == 413
    assert sent < 600 * len(PIECE)
    assert memory(web) - before < 20_000_000
    assert rows() == 0


def test_a_body_without_a_length_within_the_limit_is_read_to_its_end(server, cookie):
    _web, port = server
    body = HEAD + factories.eml() + b"\r\n--b--\r\n"
    pieces = [b"%x\r\n%s\r\n" % (len(body), body), b"0\r\n\r\n"]

    assert send(port, cookie, pieces, "Transfer-Encoding: chunked")[0] == 400
    assert rows() == 0  # it carried no token, and was read to learn that


def test_a_stranger_is_turned_away_before_the_body(server):
    _web, port = server
    headers = ("Transfer-Encoding: chunked", "Accept: application/json")

    assert send(port, "none=1", [], *headers)[0] == 401


def test_a_length_and_chunks_at_once_are_refused(server, cookie):
    _web, port = server
    headers = ("Content-Length: 5", "Transfer-Encoding: chunked")

    assert send(port, cookie, chunks(0), *headers)[0] == 400


class TestProcesses:
    def test_are_replaced_when_killed_and_nobody_is_signed_out(self, four, cookie):
        web, port = four
        first = {each.pid for each in web.children()}
        for each in web.children():
            each.kill()
        wait_for(lambda: len({c.pid for c in web.children()} - first) == 4, 30)
        wait_for(lambda: page(port, cookie) == 200, 30)

        assert {page(port, cookie) for _ in range(20)} == {200}

    def test_are_renewed_one_after_the_other_and_no_request_fails(self, four, cookie):
        web, port = four
        first = {each.pid for each in web.children()}
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(page, port, cookie) for _ in range(200)]
            web.send_signal(signal.SIGHUP)
            wait_for(lambda: not first & {c.pid for c in web.children()}, 60)
            answers = [each.result() for each in asked]

        assert {*answers} == {200}


def test_a_request_under_way_is_answered_before_the_end(settings, tmp_path, cookie):
    with serving(settings, tmp_path) as (web, port):
        rest = factories.eml() + b"\r\n--b--\r\n"

        def slowly():
            yield HEAD
            wait_for(lambda: is_taken(port), 20)
            web.send_signal(signal.SIGTERM)
            time.sleep(1)
            yield rest

        length = f"Content-Length: {len(HEAD) + len(rest)}"
        answer, _ = send(port, cookie, slowly(), length)

        assert answer == 400  # it carried no token, and was read to learn that
        assert web.wait(15) == 0
