"""A list of more than ten thousand rows, written by the worker of a running product."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from bson import ObjectId

from tests.product import Product, running, wait_for

pytestmark = [pytest.mark.standalone, pytest.mark.timeout(180)]

ROWS = 10_050
SECONDS = 90  # only against hanging
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with more indicators than leave while somebody waits."""
    with running(tmp_path_factory.mktemp("exports") / "var") as product:
        product.keeper = product.signed_in()
        table = product.database()["threat_intelligence"]
        made = [row(number) for number in range(ROWS)]
        for start in range(0, ROWS, 2_000):
            table.insert_many(made[start : start + 2_000])
        yield product


def row(number: int) -> dict[str, Any]:
    """An indicator as people add it, each a second older than the one before."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=10 + number)
    said = {"threat_type": "phishing", "threat_level": "high", "confidence_score": 0.9}
    told = {"description": "=1+1", "source": "desk", "tags": [], "metadata": {}}
    name = f"evil{number}.test"
    known = {"key": f"domain:{name}", "indicator": name, "indicator_type": "domain"}
    facets = ["type:domain", "source:desk", "level:high", "threat:phishing"]
    times = {"created_at": at, "updated_at": at, "last_seen": None}
    more = {"_id": ObjectId(), "version": 1, "facets": facets}
    return {**known, **said, **told, **times, **more}


def send(product: Product, path: str, **fields: str) -> int:
    body = urlencode({"csrf_token": product.keeper.token, **fields}).encode()
    return product.keeper.request("POST", path, body, Content_Type=FORM)[0]


def remove(product: Product, number: int) -> None:
    """Take an indicator off the record, as a person does."""
    found = product.database()["threat_intelligence"].find_one(
        {"key": f"domain:evil{number}.test"}
    )
    path = f"/indicators/{found['_id']}/delete"
    assert send(product, path, reason="Harmless.", version="1") == 303


def is_done(product: Product) -> bool:
    state = product.database()["exports"].find_one({})["state"]
    assert state != "failed"
    return bool(state == "done")


def test_more_than_ten_thousand_rows_are_written_whole_while_people_work(
    product: Product,
) -> None:
    assert send(product, "/exports/indicators", format="csv") == 303
    for number in (0, ROWS // 2, ROWS - 1):
        remove(product, number)
    wait_for(lambda: is_done(product), SECONDS, product.explain)
    export = product.database()["exports"].find_one({})
    status, text = product.keeper.request("GET", f"/exports/{export['_id']}/file")

    assert status == 200
    lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(lines) == export["rows"] >= ROWS - 3
    found = Counter(line["indicator"] for line in lines)
    gone = {f"evil{number}.test" for number in (0, ROWS // 2, ROWS - 1)}
    assert set(found.values()) == {1}
    assert set(found) | gone == {f"evil{number}.test" for number in range(ROWS)}
    assert {line["description"] for line in lines} == {"'=1+1"}
