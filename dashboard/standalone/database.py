"""The embedded database: a MongoDB-compatible server as a child, on loopback."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from dashboard.standalone.child import Child

USER = "phishnet"
LOOPBACK = "127.0.0.1"
PROBE_MILLISECONDS = 1_000


@contextmanager
def running_database(directory: Path, *, sync: bool) -> Iterator[str]:
    """Run an open database for tests and give its URI; it ends with its directory.

    `sync` makes every commit durable against kill -9, at a third of the speed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = free_port()
    uri = f"mongodb://{LOOPBACK}:{port}/?directConnection=true"
    server = server_at(directory, uri, sync=sync)
    server.start()
    try:
        server.wait()
        yield uri
    finally:
        # The server must be gone before its files are: it would write into the next.
        server.kill_group()
        shutil.rmtree(directory)


def server_at(
    directory: Path, uri: str, *, sync: bool = True, auth: bool = False
) -> Child:
    """Return the server for `uri`, with its data and its log in `directory`."""
    settings = directory / "secantusd.toml"
    settings.touch()  # named, so that no such file elsewhere is read instead
    options = ["--auth"] * auth + ["--sync-on-commit"] * sync
    return Child(
        name="database",
        argv=[
            *(str(Path(sys.executable).with_name("secantusd-py")), "--config"),
            *(str(settings), "--host", LOOPBACK, "--port", str(port_of(uri))),
            *("--storage-path", str(directory / "data"), "--log-level", "WARNING"),
            *options,
        ],
        is_ready=answers(uri),
        log=directory / "database.log",
    )


def answers(uri: str) -> Callable[[], bool]:
    """Return a probe that tells whether the database at `uri` answers a command."""

    def probe() -> bool:
        if is_free(port_of(uri)):  # the driver would wait before it looks again
            return False
        try:
            with MongoClient[dict[str, object]](
                uri, serverSelectionTimeoutMS=PROBE_MILLISECONDS
            ) as client:
                client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    return probe


def provision(directory: Path, password: str) -> None:
    """Make the database's files with its one user; a second call does nothing.

    The server knows users only after one was made without asking for any, so the
    first start is open, on a port of its own, and its files are put in place last.
    """
    if (directory / "data").exists():
        return
    unfinished = directory / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    uri = f"mongodb://{LOOPBACK}:{free_port()}/?directConnection=true"
    server = server_at(unfinished, uri)
    server.start()
    try:
        server.wait()
        with MongoClient[dict[str, object]](uri) as client:
            client.admin.command("createUser", USER, pwd=password, roles=["root"])
    finally:
        server.kill_group()  # at once: what it acknowledged is on the disk
    os.rename(unfinished / "data", directory / "data")
    shutil.rmtree(unfinished)


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether nobody else listens on a loopback port."""
    with socket.socket() as listener:
        # As the server itself does: connections that are winding down do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def port_of(uri: str) -> int:
    """Return the port in a URI; raise `ValueError` if it names none."""
    port = urlsplit(uri).port
    if port is None:
        raise ValueError("the database's address has no port")
    return port
