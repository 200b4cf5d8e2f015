"""The four programs of the product on one machine, in the order they start."""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.standalone import kept
from dashboard.standalone.child import Child
from dashboard.standalone.database import LOOPBACK, provision, server_at

DEFAULT_PORT = "8000"
WORKER_CHILDREN = 2
STALL_SECONDS = 20  # four sweeps


@dataclass
class Worker(Child):
    """The Celery worker: working only while its children show that they do."""

    alive: Path = Path("worker.alive")

    @property
    def is_stalled(self) -> bool:
        """Whether no child has finished anything for far too long."""
        try:
            seen = self.alive.stat().st_mtime
        except FileNotFoundError:
            seen = 0
        # A stalled worker is given the whole time again after its restart.
        silent = time.time() - seen
        running = time.monotonic() - self.starts[-1] if self.starts else 0
        return min(silent, running) > STALL_SECONDS


def database(directory: Path, settings: Mapping[str, str]) -> Child:
    """The embedded database, its user made on the first start."""
    home = directory / "database"
    home.mkdir(exist_ok=True)
    provision(home, settings["DATABASE_PASSWORD"])
    return server_at(home, settings["MONGODB_URI"], auth=True)


def worker(directory: Path) -> Worker:
    """The processes that examine messages."""
    alive = directory / "worker.alive"
    child = Worker(
        name="worker",
        argv=_celery(
            *("worker", "--pool=prefork", f"--concurrency={WORKER_CHILDREN}"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel=WARNING", "--hostname=worker@phishnet"),
        ),
        is_ready=lambda: has_children(child, WORKER_CHILDREN),
        log=directory / "log" / "worker.log",
        environment=environment_of(directory) | {"WORKER_ALIVE_FILE": str(alive)},
        alive=alive,
    )
    return child


def beat(directory: Path) -> Child:
    """The clock of what has to be done again and again."""
    schedule = directory / "beat-schedule"
    return Child(
        name="beat",
        argv=[sys.executable, "-m", "dashboard.clock", str(schedule)],
        is_ready=written_since(directory, schedule.name),
        log=directory / "log" / "beat.log",
        environment=environment_of(directory),
        grace_seconds=5,
        niceness=10,  # needed seconds from now: the pages start before it
    )


def web(directory: Path, host: str, port: int) -> Child:
    """The pages, one process with threads, on loopback unless told otherwise."""
    return Child(
        name="web",
        argv=[
            *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"),
            *("--workers", "1", "--bind", f"{host}:{port}", "wsgi:app"),
        ],
        is_ready=lambda: answers_http(host, port),
        log=directory / "log" / "web.log",
        environment=environment_of(directory),
    )


def first_link(directory: Path) -> Child:
    """What prints the link that makes the first administrator, if nobody exists."""
    return Child(
        name="the link for the first administrator",
        argv=[
            *(sys.executable, "-m", "flask", "--app", "wsgi", "users", "first-link"),
        ],
        is_ready=lambda: True,
        log=directory / "log" / "first-link.log",
        environment=environment_of(directory),
        is_heard=True,
    )


def has_children(child: Child, count: int) -> bool:
    """Whether a program has started so many others."""
    if child.process is None:
        return False
    pid = child.process.pid
    try:
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return False
    return len(started) >= count


def written_since(directory: Path, prefix: str) -> Callable[[], bool]:
    """Return a probe: whether a file of that name was written from now on."""
    began = time.time_ns()

    def probe() -> bool:
        found = directory.glob(f"{prefix}*")
        return any(path.stat().st_mtime_ns >= began for path in found)

    return probe


def answers_http(host: str, port: int) -> bool:
    """Whether the pages answer; what they answer is not looked at."""
    asked = LOOPBACK if host in ("0.0.0.0", "::") else host  # noqa: S104 # compared
    try:
        with socket.create_connection((asked, port), timeout=5) as connection:
            connection.sendall(b"GET /health/ping HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def address(settings: Mapping[str, str]) -> tuple[str, int]:
    """Return where the pages are served; raise `ValueError` for what is no port."""
    port = settings.get("API_PORT") or settings.get("BACKEND_PORT") or DEFAULT_PORT
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError(f"API_PORT is {port}; it must be a number from 1 to 65535.")
    return settings.get("API_HOST") or LOOPBACK, int(port)


def uses_own_database(environ: Mapping[str, str]) -> bool:
    return not kept.is_given(kept.DATABASE_SETTINGS, environ)


def _celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "wsgi:celery", *arguments]


def environment_of(directory: Path) -> dict[str, str]:
    """What every program of the product finds in its environment."""
    inbox = os.environ.get("INBOX_DIR", str(directory / "inbox"))
    return {
        "VAR_DIR": str(directory),
        "TMPDIR": str(directory / "tmp"),
        "INBOX_DIR": inbox,
    }
