"""Nothing that was accepted is lost, whatever is killed while it is worked on."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from bson import ObjectId
from pymongo.errors import PyMongoError

from tests.factories import eml
from tests.product import (
    AWAY,
    Client,
    Product,
    counted,
    counted_senders,
    found,
    running,
    suspected,
    wait_for,
)

pytestmark = [
    pytest.mark.standalone,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("kill"),
]

MESSAGES = 200
CLIENTS = 4
BAD_ONE_IN = 3
BAD = "Support PayPal <desk@mail.paypa1.test>"
SETTLED_SECONDS = 90
KILLING_SECONDS = 25


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all kills; each test hands in messages of its own.

    All of them in the name of one person, who is faster than people are.
    """
    directory = tmp_path_factory.mktemp("killed") / "var"
    with running(directory, UPLOAD_LIMIT="6000/minute") as product:
        product.keeper = product.signed_in()
        yield product


@dataclass
class Batch:
    """Messages handed in by several clients at once; what is refused is repeated."""

    product: Product
    mark: str = field(default_factory=lambda: uuid4().hex[:8])
    accepted: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        keeper = self.product.keeper
        for number in range(CLIENTS):
            client = Client(self.product.port)
            client.cookies, client.token = dict(keeper.cookies), keeper.token
            thread = threading.Thread(target=self.submit, args=(client, number))
            self.threads.append(thread)
            thread.start()

    def submit(self, client: Client, first: int) -> None:
        for number in range(first, MESSAGES, CLIENTS):
            mark = f"<{self.mark}.{number}@x.test>"
            sender = {} if number % BAD_ONE_IN else {"From": BAD}
            raw = eml(f"{self.mark} {number}", Message_ID=mark, **sender)
            while not self.handed_in(client, raw):
                time.sleep(0.2)

    def handed_in(self, client: Client, raw: bytes) -> bool:
        try:
            status, answer = client.upload(raw)
        except AWAY:
            return False
        if status != 201:
            assert status == 503, answer
            return False
        self.accepted.append(answer["accepted"][0]["id"])
        return True

    def settle(self) -> None:
        for thread in self.threads:
            thread.join(120)
        wait_for(lambda: is_settled(self.product), SETTLED_SECONDS, self.explain)

    def explain(self) -> str:
        """What is left to do, and what everybody said meanwhile."""
        jobs = self.product.database()["analysis_jobs"]
        left = [str(job) for job in jobs.find({}) if job["state"] != "done"]
        return "\n".join([*left, str(datetime.now(UTC)), self.product.explain()])


def kill(product: Product, kind: str, *, child: bool) -> None:
    """End one process at once, as a power cut would."""
    if pids := product.children(kind):
        with suppress(ProcessLookupError):
            os.kill(pids[-1] if child else pids[0], signal.SIGKILL)


def is_settled(product: Product) -> bool:
    """Whether no job waits any more, asked in one cheap question."""
    with suppress(PyMongoError):
        waiting = {"state": {"$in": ["queued", "running"]}}
        return product.database()["analysis_jobs"].find_one(waiting) is None
    return False


def check_results(batch: Batch) -> None:
    """One verdict, one receipt and one audit event for each accepted message."""
    database = batch.product.database()
    ids = {ObjectId(analysis_id) for analysis_id in batch.accepted}
    assert len(ids) == MESSAGES
    rows = list(database["email_analyses"].find({"_id": {"$in": list(ids)}}))
    assert not [
        row["failure"] or row["status"] for row in rows if row["status"] != "done"
    ]
    bad = len(range(0, MESSAGES, BAD_ONE_IN))
    verdicts = Counter(row["verdict"] for row in rows)
    assert verdicts == {"malicious": bad, "clean": MESSAGES - bad}
    receipts = database["analysis_receipts"].find({"analysis_id": {"$in": list(ids)}})
    assert sorted(row["analysis_id"] for row in receipts) == sorted(ids)
    texts = {str(identity) for identity in ids}
    told = database["audit_logs"].find({})  # asked for two hundred, it takes far longer
    events = Counter(row["action"] for row in told if row["object_id"] in texts)
    assert events == {"analysis:submit": MESSAGES, "analysis:finish": MESSAGES}


def check_counters(product: Product) -> None:
    """What is counted is what is there, on each day and by each name and sender."""
    database = product.database()
    assert found(database)
    assert counted(database) == found(database)
    assert suspected(database)
    assert counted_senders(database) == suspected(database)


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
    product: Product, kind: str, child: bool
) -> None:
    batch = Batch(product)
    batch.start()
    wait_for(lambda: len(batch.accepted) > MESSAGES // 4, 60, product.explain)
    kill(product, kind, child=child)
    batch.settle()

    check_results(batch)
    check_counters(product)


def test_random_kills_lose_nothing(product: Product) -> None:
    chance = random.Random(2026)  # noqa: S311 - which process, not a secret
    batch = Batch(product)
    batch.start()
    until = time.monotonic() + KILLING_SECONDS
    while time.monotonic() < until:
        kind = chance.choice(["database", "worker", "worker", "beat", "web"])
        kill(product, kind, child=chance.random() < 0.5)
        time.sleep(chance.uniform(0.5, 2))
    batch.settle()

    check_results(batch)
    check_counters(product)
