"""Nothing that was accepted is lost, whatever is killed while it is worked on."""

import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo.errors import PyMongoError

from tests.factories import eml
from tests.product import AWAY, Client, Product, running, wait_for

pytestmark = [pytest.mark.standalone, pytest.mark.timeout(240)]

MESSAGES = 200
CLIENTS = 4
SETTLED_SECONDS = 90


def submit(client: Client, first: int, accepted: list[str]) -> None:
    """Hand in a quarter of the messages; what was not answered is sent again."""
    for number in range(first, MESSAGES, CLIENTS):
        raw = eml(f"Message {number}", Message_ID=f"<kill-{number}@example.org>")
        while not _handed_in(client, raw, accepted):
            time.sleep(0.2)


def _handed_in(client: Client, raw: bytes, accepted: list[str]) -> bool:
    try:
        status, answer = client.upload(raw)
    except AWAY:
        return False
    if status != 201:
        assert status == 503, answer
        return False
    accepted.append(answer["accepted"][0]["id"])
    return True


def in_flight(product: Product) -> tuple[list[threading.Thread], list[str]]:
    """Start submitting from several clients at once."""
    first = product.signed_in()
    accepted: list[str] = []
    threads = []
    for n in range(CLIENTS):
        client = Client(product.port)
        client.cookies = dict(first.cookies)
        client.upload(b"")  # learns its form token while all is well
        arguments = (client, n, accepted)
        threads.append(threading.Thread(target=submit, args=arguments))
    for thread in threads:
        thread.start()
    return threads, accepted


def kill(product: Product, kind: str, *, child: bool) -> None:
    """End one process at once, as a power cut would."""
    if pids := product.children(kind):
        with suppress(ProcessLookupError):
            os.kill(pids[-1] if child else pids[0], signal.SIGKILL)


def is_settled(product: Product) -> bool:
    """Whether nothing waits any more, asked in one question."""
    with suppress(PyMongoError):
        waiting = {"status": {"$in": ["pending", "running"]}}
        return product.database()["email_analyses"].find_one(waiting) is None
    return False


def check(product: Product, accepted: list[str]) -> None:
    """One result, one audit event and one count for each accepted message."""
    database = product.database()
    rows = list(database["email_analyses"].find({}))
    receipts = list(database["analysis_receipts"].find({}))
    assert len(set(accepted)) == len(rows) == MESSAGES
    assert not [
        row["failure"] or row["status"] for row in rows if row["status"] != "done"
    ]
    assert {row["verdict"] for row in rows} == {"clean"}
    assert sorted(r["analysis_id"] for r in receipts) == sorted(r["_id"] for r in rows)
    events = [row["action"] for row in database["audit_logs"].find({})]
    assert events.count("analysis:submit") == MESSAGES
    assert events.count("analysis:finish") == MESSAGES
    days = list(database["daily_counters"].find({}))  # each in several shares
    assert sum(day["received"] for day in days) == MESSAGES
    counts = {"status:done": MESSAGES, "verdict:clean": MESSAGES}
    for name in ("status:done", "status:pending", "status:running", "verdict:clean"):
        found = sum(day["facets"].get(name, 0) for day in days)
        assert found == counts.get(name, 0), name


@pytest.mark.parametrize(
    ("kind", "child"),
    [
        pytest.param("worker", False, id="the worker"),
        pytest.param("worker", True, id="a child of the worker"),
        pytest.param("web", False, id="the web server"),
        pytest.param("database", False, id="the database"),
    ],
)
def test_one_killed_process_loses_nothing(
    tmp_path: Path, kind: str, child: bool
) -> None:
    with running(tmp_path / "var") as product:
        threads, accepted = in_flight(product)
        wait_for(lambda: len(accepted) > MESSAGES // 4, 60, product.explain)
        kill(product, kind, child=child)
        for thread in threads:
            thread.join(120)
        wait_for(lambda: is_settled(product), SETTLED_SECONDS, product.explain)

        check(product, accepted)


def test_random_kills_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(2026)  # noqa: S311 - which process, not a secret
    with running(tmp_path / "var") as product:
        threads, accepted = in_flight(product)
        until = time.monotonic() + 25
        while time.monotonic() < until:
            kind = chance.choice(["database", "worker", "worker", "beat", "web"])
            kill(product, kind, child=chance.random() < 0.5)
            time.sleep(chance.uniform(0.5, 2))
        for thread in threads:
            thread.join(120)
        wait_for(lambda: is_settled(product), SETTLED_SECONDS, product.explain)

        check(product, accepted)
