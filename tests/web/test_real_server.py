"""Uploads against gunicorn itself: what it lets through, and what it refuses when."""

import os
import select
import socket
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from dashboard.documents.connection import database as stored
from tests import factories
from tests.product import ROOT, Client, free_port, wait_for

LIMIT = 1_000_000  # bytes a request, so that a test stays small
PIECE = b"x" * 50_000
HEAD = b'--b\r\nContent-Disposition: form-data; name="messages"; filename="a"\r\n\r\n'


@pytest.fixture(scope="module")
def server(app, settings, tmp_path_factory):
    """The web process as `make run` serves it, on the database of the tests."""
    port, log = free_port(), tmp_path_factory.mktemp("web") / "web.log"
    argv = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    told = {**os.environ, **environment(settings), "API_PORT": str(port)}
    with log.open("w") as output:
        web = subprocess.Popen(argv, cwd=ROOT, env=told, stdout=output, stderr=output)
    wait_for(lambda: lives(port), 60, log.read_text)
    yield psutil.Process(web.pid), port
    web.terminate()
    web.wait(20)


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
    secret = factories.begin_session(factories.account("analyst"))
    signer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'sid': secret})}"


def lives(port):
    with suppress(OSError):
        return Client(port).request("GET", "/health/live")[0] == 200
    return False


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
