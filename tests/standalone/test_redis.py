"""The product with a real Redis between its web process and its worker."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from bson import ObjectId

from tests.factories import eml
from tests.product import Product, free_port, running, wait_for
from tests.system import require

pytestmark = [
    pytest.mark.standalone,
    pytest.mark.redis,
    pytest.mark.timeout(180),
]

SECONDS = 60  # only against hanging


class Server:
    """A Redis of this module's own, which a test may stop."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.uri = f"redis://127.0.0.1:{self.port}/2"
        self.argv = [require("redis-server"), "--bind", "127.0.0.1", "--save", ""]
        self.argv += ["--port", str(self.port), "--dir", str(directory)]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.argv, stdout=subprocess.DEVNULL)
        wait_for(self.answers, SECONDS)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def answers(self) -> bool:
        with redis.Redis(port=self.port) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False

    def calls(self, command: str) -> int:
        """How often that command was sent to it since it started."""
        with redis.Redis(port=self.port) as client:
            found = client.info("commandstats").get(f"cmdstat_{command}", {})
        return int(found.get("calls", 0))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("redis"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def product(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The product as it runs where `REDIS_URL` is set; its keeper is signed in."""
    directory = tmp_path_factory.mktemp("product") / "var"
    with running(directory, REDIS_URL=server.uri) as product:
        product.keeper = product.signed_in()
        yield product


def broker(product: Product) -> dict[str, str]:
    """What the health page says of the broker."""
    found: dict[str, str] = json.loads(
        product.keeper.request("GET", "/health/detailed")[1]
    )["broker"]
    return found


def submitted(product: Product, subject: str) -> ObjectId:
    status, answer = product.keeper.upload(eml(subject))
    assert status == 201, answer
    return ObjectId(answer["accepted"][0]["id"])


def is_judged(product: Product, analysis: ObjectId) -> bool:
    row = product.database()["email_analyses"].find_one({"_id": analysis})
    return bool(row["verdict"] == "clean" and row["status"] == "done")


def test_a_message_gets_its_verdict_through_it(
    product: Product, server: Server
) -> None:
    pushed = server.calls("lpush")
    analysis = submitted(product, "Through Redis")
    wait_for(lambda: is_judged(product, analysis), SECONDS, product.explain)

    assert server.calls("lpush") > pushed
    assert "CELERY_BROKER_URL" not in product.kept()
    assert not [*(product.directory / "queue").rglob("*.message")]


def test_health_says_that_it_is_there(product: Product) -> None:
    assert broker(product) == {"status": "ok", "transport": "redis"}


def test_while_it_is_away_messages_are_taken_and_read_later(
    product: Product, server: Server
) -> None:
    server.stop()
    assert broker(product)["status"] == "down"
    analysis = submitted(product, "While Redis is away")
    server.start()
    wait_for(lambda: is_judged(product, analysis), SECONDS, product.explain)

    assert broker(product)["status"] == "ok"
