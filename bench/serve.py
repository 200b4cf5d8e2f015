"""What the page measurements talk to: databases, web processes and one client."""

import http.client
import os
import secrets
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from pydantic import SecretStr

from bench.around import surround
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
from dashboard.standalone.database import LOOPBACK, free_port, server_at
from dashboard.standalone.services import answers_http
from tests.web.examined import examined

SECRET = "q8Zr3vLx0TnW6yKd1HsB5mJc9PfG2aUe"
HOST = LOOPBACK
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
STOCKED = "stocked"  # the name of the file that says so
LIFE = Lifetimes(timedelta(hours=2), timedelta(hours=2))


@dataclass
class Stock:
    """A database with so many analyses, the app on it, and who is signed in."""

    count: int
    app: Flask
    settings: Settings
    cookie: str = ""
    receipt: str = ""  # the id of an analysis that was really examined

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
class Costs:
    """What one page took, request by request, in milliseconds."""

    spent: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)  # processor time
    database: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.spent)

    @property
    def p95(self) -> float:
        return sorted(self.spent)[int(len(self.spent) * 0.95)]

    @property
    def web_cpu(self) -> float:
        return statistics.median(self.web)

    @property
    def database_cpu(self) -> float:
        return statistics.median(self.database)


@dataclass
class Site:
    """A web process and one client that keeps its connection."""

    port: int
    child: Child
    server: int = 0  # the process of the database
    cookie: str = ""
    costs: dict[str, Costs] = field(default_factory=lambda: defaultdict(Costs))
    link: http.client.HTTPConnection = field(init=False)
    pids: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.link = http.client.HTTPConnection(HOST, self.port, timeout=30)
        assert self.child.process is not None
        master = psutil.Process(self.child.process.pid)
        self.pids = [each.pid for each in master.children(recursive=True)]

    def get(self, path: str) -> bytes:
        """Read a page; anything but 200 is an error."""
        headers = {"Cookie": self.cookie, "User-Agent": AGENT}
        self.link.request("GET", path, headers=headers)
        answer = self.link.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        # The first page puts a form token in; without it each would make one anew.
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return body

    def timed(self, name: str, path: str) -> None:
        """Read a page and note what it took."""
        web, database = self.cpu(), cpu_milliseconds([self.server])
        began = time.perf_counter()
        self.get(path)
        spent = (time.perf_counter() - began) * 1000
        costs = self.costs[name]
        costs.spent.append(spent)
        costs.web.append(self.cpu() - web)
        costs.database.append(cpu_milliseconds([self.server]) - database)

    def rest(self) -> None:
        """Let go of a connection that the server would close meanwhile."""
        self.link.close()

    def cpu(self) -> float:
        """Milliseconds of processor time of the processes that answer, so far."""
        return cpu_milliseconds(self.pids)


def cpu_milliseconds(pids: Iterable[int]) -> float:
    """Processor time of the threads of these processes, which live on, so far."""
    threads = (each for pid in pids for each in Path(f"/proc/{pid}/task").iterdir())
    return sum(int((t / "schedstat").read_text().split()[0]) for t in threads) / 1e6


@contextmanager
def stocked(folder: Path, counts: Iterable[int]) -> Iterator[tuple[int, list[Stock]]]:
    """A database server with a database for each size, and who is signed in there.

    Yields its process as well. Filled without waiting for the disk, which takes a
    third of the time, then served as the product does. A folder that was filled
    before is used as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"mongodb://{HOST}:{free_port()}/?directConnection=true"
    stocks = [_stock(uri, folder, count) for count in counts]
    if not (folder / STOCKED).exists():
        with _serving(folder, uri, sync=False):
            for each in stocks:
                fill(each)
        (folder / STOCKED).touch()
    with _serving(folder, uri, sync=True) as process:
        for each in stocks:
            with each.connected():
                schema.prepare()
                each.cookie, each.receipt = _signed_in(each.app)
        yield process, stocks


def fill(made: Stock) -> None:
    """Store as many rows of every kind as the stock is to have."""
    with made.connected():
        schema.prepare()
        stock(made.count, now())
        surround(made.count, now())


@contextmanager
def _serving(folder: Path, uri: str, *, sync: bool) -> Iterator[int]:
    server = server_at(folder, uri, sync=sync)
    server.start()
    try:
        server.wait()
        assert server.process is not None
        yield server.process.pid
    finally:
        server.stop()


def _stock(uri: str, folder: Path, count: int) -> Stock:
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
    return Stock(count, create_app(settings), settings)


@contextmanager
def product(stock: Stock, folder: Path, server: int) -> Iterator[Site]:
    """The product's web process on that database, as `make run` serves it."""
    options = ("--config", "gunicorn.conf.py", "--workers", "1")
    with _site("wsgi:app", folder, options, stock.environment()) as site:
        site.cookie, site.server = stock.cookie, server
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


def _signed_in(app: Flask) -> tuple[str, str]:
    """Sign an administrator in who has had a message examined.

    Returns the cookie of their browser and the id of the analysis.
    """
    name = f"keeper-{secrets.token_hex(4)}"
    accounts.create(
        username=name,
        email=f"{name}@example.org",
        full_name="",
        password=secrets.token_urlsafe(24),
        role=Role.ADMIN,
        actor=COMMAND,
    )
    row = database()["users"].find_one({"username": name})
    assert row is not None
    account = Account.from_row(row)
    who = Actor(name, account.id, user_agent=AGENT)
    sid = sessions.begin(account, who, lifetimes=LIFE)
    sign = SecureCookieSessionInterface().get_signing_serializer(app)
    assert sign is not None
    value = sign.dumps({"sid": sid, "_permanent": True})
    with app.app_context():
        receipt = examined(account)
    return f"{app.config['SESSION_COOKIE_NAME']}={value}", receipt
