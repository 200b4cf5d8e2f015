"""What the page measurements talk to: databases, web processes and one client."""

import http.client
import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from pydantic import SecretStr

from bench.seed import stock
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.documents import connection, schema
from dashboard.documents.connection import database, now
from dashboard.documents.counters import histogram
from dashboard.documents.user import Account
from dashboard.domain.permissions import Role
from dashboard.services import accounts, sessions
from dashboard.services.audit import COMMAND, Actor
from dashboard.services.sessions import Lifetimes
from dashboard.standalone.child import Child
from dashboard.standalone.database import free_port
from dashboard.standalone.services import answers_http

SECRET = "q8Zr3vLx0TnW6yKd1HsB5mJc9PfG2aUe"
HOST = "127.0.0.1"
LIFE = Lifetimes(timedelta(hours=2), timedelta(hours=2))


@dataclass
class Stock:
    """A database with so many analyses, the app on it, and who is signed in."""

    count: int
    app: Flask
    settings: Settings
    cookie: str = ""

    @contextmanager
    def connected(self) -> Iterator[None]:
        """This process's connection to that database."""
        connection.connect(self.settings)
        histogram.forget()
        try:
            yield
        finally:
            connection.disconnect()

    def environment(self) -> dict[str, str]:
        """The settings, for a process of its own."""
        return {
            "ENVIRONMENT": "test",
            "SECRET_KEY": SECRET,
            "MONGODB_URI": self.settings.MONGODB_URI.get_secret_value(),
            "MONGODB_DATABASE": self.settings.MONGODB_DATABASE,
            "CELERY_BROKER_URL": self.settings.broker_url,
            "VAR_DIR": str(self.settings.VAR_DIR),
        }


@dataclass
class Site:
    """A web process and one client that keeps its connection."""

    port: int
    child: Child
    cookie: str = ""
    times: dict[str, list[float]] = field(default_factory=dict)
    link: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.link = http.client.HTTPConnection(HOST, self.port, timeout=30)

    def get(self, path: str) -> bytes:
        """Read a page; anything but 200 is an error."""
        self.link.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.link.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        # The first page puts a form token in; without it each would make one anew.
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return body

    def timed(self, name: str, path: str) -> None:
        """Read a page and note how long it took, in milliseconds."""
        began = time.perf_counter()
        self.get(path)
        spent = (time.perf_counter() - began) * 1000
        self.times.setdefault(name, []).append(spent)

    def median(self, name: str) -> float:
        return statistics.median(self.times[name])

    def p95(self, name: str) -> float:
        ordered = sorted(self.times[name])
        return ordered[int(len(ordered) * 0.95)]

    def cpu_seconds(self) -> float:
        """What the processes that answer have used so far."""
        assert self.child.process is not None
        master = psutil.Process(self.child.process.pid)
        used = [each.cpu_times() for each in master.children(recursive=True)]
        return sum(times.user + times.system for times in used)


def stocked(uri: str, folder: Path, count: int) -> Stock:
    """Make a database with so many analyses and a signed-in analyst."""
    folder.mkdir(exist_ok=True)
    settings = Settings(
        ENVIRONMENT="test",
        SECRET_KEY=SecretStr(SECRET),
        MONGODB_URI=SecretStr(uri),
        MONGODB_DATABASE=f"phishnet_{count}",
        CELERY_BROKER_URL=SecretStr(f"files://{folder / 'queue'}"),
        VAR_DIR=folder,
        DB_MIN_POOL_SIZE=0,
        LOG_LEVEL="ERROR",
    )
    made = Stock(count, create_app(settings), settings)
    with made.connected():
        schema.prepare()
        stock(count, now())
        made.cookie = _signed_in(made.app)
    return made


@contextmanager
def product(stock: Stock, folder: Path) -> Iterator[Site]:
    """The product's web process on that database, as `make run` serves it."""
    options = ("--config", "gunicorn.conf.py", "--workers", "1")
    with _site("wsgi:app", folder, options, stock.environment()) as site:
        site.cookie = stock.cookie
        yield site


@contextmanager
def plain(stock: Stock, folder: Path) -> Iterator[Site]:
    """The bare page on the same database, in the same kind of process."""
    back = timedelta(days=30) * 40 / stock.count  # what the list's window holds
    since = {"PLAIN_SINCE": (now() - back).isoformat()}
    options = ("--config", os.devnull, "--worker-class", "gthread", "--threads", "8")
    environment = stock.environment() | since
    with _site("bench.plain:app", folder, options, environment) as site:
        yield site


def counting(observed: list[str]) -> Callable[[], None]:
    """Note the collection of each database command; returns how to stop."""
    return connection.monitor.observe(lambda _name, target: observed.append(target))


@contextmanager
def _site(
    target: str, folder: Path, options: tuple[str, ...], environment: dict[str, str]
) -> Iterator[Site]:
    port = free_port()
    python = str(Path(sys.executable))
    child = Child(
        name=target,
        argv=[python, "-m", "gunicorn", *options, "--bind", f"{HOST}:{port}", target],
        is_ready=lambda: answers_http(HOST, port),
        log=folder / f"{target.partition(':')[0]}-{port}.log",
        environment=environment,
    )
    child.start()
    try:
        child.wait()
        yield Site(port, child)
    finally:
        child.stop()


def _signed_in(app: Flask) -> str:
    """Make an analyst, begin a session, and return the cookie of their browser."""
    name = "reader"
    accounts.create(
        username=name,
        email=f"{name}@example.org",
        full_name="",
        password=secrets.token_urlsafe(24),
        role=Role.ANALYST,
        actor=COMMAND,
    )
    row = database()["users"].find_one({"username": name})
    assert row is not None
    account = Account.from_row(row)
    sid = sessions.begin(account, Actor(name, account.id), lifetimes=LIFE)
    sign = SecureCookieSessionInterface().get_signing_serializer(app)
    assert sign is not None
    value = sign.dumps({"sid": sid, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
