"""The whole product as a person starts it, and a plain HTTP client for it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from pymongo import MongoClient

ROOT = Path(__file__).parent.parent
PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FIRST_LINK = re.compile(r"(/first/\S+)")
AWAY = (ConnectionError, http.client.HTTPException, TimeoutError, OSError)


class Client:
    """A browser reduced to what a load test needs: cookies, forms, retries by hand."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, str]:
        """Send one request; return its status and text. Raises what `AWAY` lists."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": jar, **{k.replace("_", "-"): v for k, v in headers.items()}}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def form(self, path: str, **fields: str) -> tuple[int, str]:
        """Load the page of a form, fill it in and send it."""
        _, page = self.request("GET", path)
        fields["csrf_token"] = TOKEN.search(page).group(1)  # type: ignore[union-attr]
        kind = "application/x-www-form-urlencoded"
        body = urlencode(fields).encode()
        return self.request("POST", path, body, Content_Type=kind)

    def upload(self, *messages: bytes) -> tuple[int, dict[str, Any]]:
        """Hand in messages as the upload page's script does; JSON comes back."""
        if not self.token:
            _, page = self.request("GET", "/analyses/new")
            self.token = TOKEN.search(page).group(1)  # type: ignore[union-attr]
        mark = uuid4().hex
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="messages"; '
            f'filename="m{n}.eml"\r\n\r\n'.encode()
            + raw
            + b"\r\n"
            for n, raw in enumerate(messages)
        )
        body += f"--{mark}--\r\n".encode()
        status, text = self.request(
            "POST",
            "/analyses",
            body,
            Content_Type=f"multipart/form-data; boundary={mark}",
            X_CSRFToken=self.token,
            Accept="application/json",
        )
        return status, json.loads(text) if text.startswith("{") else {}


class Product:
    """`make run`, in a folder and on a port of its own."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None
        self.keeper = Client(self.port)  # signed in, once `signed_in` was called
        self.client: MongoClient[dict[str, Any]] | None = None
        self.output = directory.with_suffix(".out")

    def start(self, seconds: float = 40) -> None:
        """Start, and return as soon as the pages are said to be ready."""
        for name in ("MONGODB_URI", "REDIS_URL", "SECRET_KEY", "CELERY_BROKER_URL"):
            self.environment.setdefault(name, "")
        given = {**os.environ, **self.environment, "VAR_DIR": str(self.directory)}
        given = {name: value for name, value in given.items() if value}
        given["API_PORT"] = str(self.port)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "dashboard.standalone"],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=given,
                cwd=ROOT,
                text=True,
            )
        wait_for(lambda: "is ready at" in self.said, seconds, self.explain)

    @property
    def said(self) -> str:
        """What the terminal shows."""
        return self.output.read_text() if self.output.exists() else ""

    def explain(self) -> str:
        return self.said + "".join(
            f"\n--- {log.name}\n{log.read_text()[-1500:]}"
            for log in sorted((self.directory / "log").glob("*.log"))
        )

    def first_link(self) -> str:
        """The path of the link that makes the first administrator."""
        wait_for(lambda: "/first/" in self.said, 20, self.explain)
        return FIRST_LINK.search(self.said).group(1)  # type: ignore[union-attr]

    def signed_in(self) -> Client:
        """A client in which the first administrator has just been made."""
        client = Client(self.port)
        status, text = client.form(
            self.first_link(),
            username="keeper",
            email="keeper@example.org",
            full_name="",
            password=PASSWORD,
        )
        assert status == 303, text
        client.upload(b"")  # learns the token of its forms
        return client

    def again(self) -> Client:
        """A client in which that administrator signs in."""
        client = Client(self.port)
        assert client.form("/login", login="keeper", password=PASSWORD)[0] == 303
        return client

    def stop(self) -> int:
        """Ask politely, as Ctrl-C does, and return the exit status."""
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)

    def end(self) -> None:
        """Take all of it away at once, whatever state it is in."""
        if self.client is not None:
            self.client.close()
        if self.process is not None:
            self.process.kill()  # first: it would start the others again
            self.process.wait()
        while pids := self.pids():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def kept(self) -> dict[str, str]:
        """The settings the product made for itself."""
        lines = (self.directory / "phishnet.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def database(self) -> Any:
        """The database, for looking behind the pages."""
        kept = self.kept()
        if self.client is None:
            self.client = MongoClient(
                kept["MONGODB_URI"], serverSelectionTimeoutMS=8000, tz_aware=True
            )
        return self.client[kept.get("MONGODB_DATABASE", "phishnet")]

    def pids(self) -> list[int]:
        """Every process this product started, found by its environment."""
        wanted = f"VAR_DIR={self.directory}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return sorted(found)

    def children(self, kind: str) -> list[int]:
        """Process ids of one kind: parents first. database, worker, beat or web."""
        marks = {
            "database": b"secantusd",
            "worker": b"\0worker\0",
            "beat": b"\0dashboard.clock\0",
            "web": b"gunicorn",
        }
        found = []
        for pid in self.pids():
            with suppress(OSError):
                if marks[kind] in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found


def counted(database: Any) -> Counter[tuple[str, str]]:
    """What the counters say, by day and name, of what `found` counts as well."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in database["daily_counters"].find({}):
        sums[row["day"], "received"] += row.get("received", 0)
        for name, count in row["facets"].items():
            if name.partition(":")[0] in {"status", "level", "verdict", "signal"}:
                sums[row["day"], name] += count
    return +sums


def found(database: Any) -> Counter[tuple[str, str]]:
    """The same, counted from the messages themselves."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in database["email_analyses"].find({}):
        told = ["received", f"status:{row['status']}"]
        if row["status"] == "done":
            told += [f"level:{row['threat_level']}", f"verdict:{row['verdict']}"]
            told += [f"signal:{rule}" for rule in row["detected_threats"]]
        sums.update((row["received_at"].strftime("%Y-%m-%d"), name) for name in told)
    return sums


def counted_senders(database: Any) -> Counter[tuple[str, str]]:
    """Who sent what is suspicious, and what is malicious, as the counters say."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in database["sender_counters"].find({}):
        sums[row["_id"], "messages"] += row.get("messages", 0)
        sums[row["_id"], "malicious"] += row.get("malicious", 0)
    return +sums


def suspected(database: Any) -> Counter[tuple[str, str]]:
    """The same, counted from the messages; none of them is from last week."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in database["email_analyses"].find({"status": "done"}):
        if row["verdict"] == "clean":
            continue
        at = row["received_at"]
        monday = at - timedelta(days=at.weekday())
        domain = ".".join(row["sender"].split(".")[-2:])
        for weeks in (-1, 0):
            first = monday + timedelta(weeks=weeks)
            period = f"{first:%Y-%m-%d}..{first + timedelta(days=13):%Y-%m-%d}"
            for name in (f"sender:{row['sender']}", f"domain:{domain}"):
                sums[f"{period} {name}", "messages"] += 1
                is_worst = row["threat_level"] == "critical"
                sums[f"{period} {name}", "malicious"] += is_worst
    return sums


@contextmanager
def running(directory: Path, **environment: str) -> Iterator[Product]:
    """The product, ready; gone at the end whatever happened."""
    product = Product(directory, **environment)
    try:
        product.start()
        yield product
    finally:
        product.end()


def wait_for(
    condition: Callable[[], bool], seconds: float, explain: Callable[[], str] = str
) -> float:
    """Return how long it took, or fail with the explanation.

    What takes longer is asked for less often: asking takes from who is waited for.
    """
    began, waited = time.monotonic(), 0.0
    while not condition():
        waited = time.monotonic() - began
        assert waited < seconds, explain()
        time.sleep(min(0.3, 0.02 + waited / 10))
    return time.monotonic() - began


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
