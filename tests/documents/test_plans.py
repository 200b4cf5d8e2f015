"""No query of a page or a job reads a whole collection that grows.

Every page and every recurring job is run, and what it asks for is looked at: on any
server each query begins with an index; a real MongoDB, named by `MONGODB_URI`, is
asked for its plans as well. What the embedded server explains is not to be relied on;
there `bench.pages` shows how times grow.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from bench.around import surround
from bench.seed import stock
from bench.visits import LISTS, PAGES
from dashboard.config import Settings
from dashboard.documents import connection, pace, schema
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.documents.monitoring import _Commands
from dashboard.services import (
    deletions,
    examinations,
    exports,
    idempotency,
    messages,
    sessions,
    unpacking,
)
from dashboard.services.sessions import Lifetimes
from tests import factories
from tests.browser import Browser
from tests.web.examined import examined

pytestmark = pytest.mark.timeout(240)

ROWS = 100
READS = ("find", "aggregate", "count", "update", "delete")
BY_INDEX = {"IXSCAN", "IDHACK", "EXPRESS_IXSCAN", "EXPRESS_IDHACK", "COUNT_SCAN"}
# Read whole, for they stay few: a row a machine, a few rows a day, work to be done.
FEW = ("worker_heartbeats", "daily_counters", "loose_ends")
OURS = (
    *("lsid", "$db", "$clusterTime", "txnNumber", "startTransaction", "autocommit"),
    *("writeConcern", "readConcern", "ordered", "maxTimeMS", "$readPreference"),
)
REAL = os.environ.get("MONGODB_URI", "")
real = pytest.mark.skipif(not REAL, reason="MONGODB_URI names no real MongoDB")

Command = Mapping[str, Any]


@pytest.fixture(scope="module")
def server(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The app on the server to be asked, with a little of everything."""
    if REAL:
        own = settings.model_copy(
            update={
                "MONGODB_URI": SecretStr(REAL),
                "MONGODB_DATABASE": "phishnet_plans",
            }
        )
        connection.disconnect()
        connection.connect(own)
        schema.prepare()
    stock(ROWS, now())
    surround(ROWS, now())
    histogram.forget()
    yield app
    for name in schema.names():
        connection.database()[name].delete_many({})
    histogram.forget()
    pace.forget()
    if REAL:
        connection.client().drop_database("phishnet_plans")
        connection.disconnect()
        connection.connect(settings)


@pytest.fixture(scope="module")
def asked(server: Flask) -> list[Command]:
    """Every command that pages and jobs send, each shape once."""
    seen: dict[str, Command] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Commands, "started", lambda _self, event: note(seen, event))
        patch.setattr(_Commands, "_ended", lambda *_: None)
        browser = factories.signed_in(server, "admin")
        read_pages(browser)
        run_jobs()
    return list(seen.values())


def note(seen: dict[str, Command], event: Any) -> None:
    if event.command_name in READS:
        command = {k: v for k, v in event.command.items() if k not in OURS}
        shape = f"{event.command_name} {event.command[event.command_name]}"
        names = sorted(fields(filter_of(command)))
        seen.setdefault(f"{shape} {names}", command)


def read_pages(browser: Browser) -> None:
    receipt = examined(browser.account)
    for visit in [*LISTS.values(), *PAGES.values()]:
        browser.client.get(visit.path.format(receipt=receipt))


def run_jobs() -> None:
    hour = timedelta(hours=1)
    examinations.sweep("here")
    unpacking.sweep()
    deletions.tidy()
    messages.sweep_orphans()
    idempotency.sweep()
    exports.sweep()
    sessions.sweep(Lifetimes(hour, hour))


def filter_of(command: Command) -> Mapping[str, Any]:
    """What a command asks about; of several writes the first one's."""
    if pipeline := command.get("pipeline"):
        return dict(pipeline[0].get("$match", {}))
    several = command.get("updates") or command.get("deletes")
    found = several[0]["q"] if several else command.get("filter") or {}
    return dict(found)


def fields(asked: Mapping[str, Any]) -> Iterator[str]:
    """The fields a filter names, those of alternatives when all have one."""
    for name, value in asked.items():
        if name == "$or":
            yield from set.intersection(*(set(fields(each)) for each in value))
        elif name == "$and":
            for each in value:
                yield from fields(each)
        else:
            yield name


def collection_of(command: Command) -> str:
    return str(next(command[name] for name in READS if name in command))


def growing(asked: Iterable[Command]) -> list[Command]:
    return [each for each in asked if collection_of(each) not in FEW]


def starts() -> dict[str, set[str]]:
    """The fields an index begins with, by collection."""
    found = {name: {"_id"} for name in schema.names()}
    for name in found:
        for index in connection.database()[name].list_indexes():
            found[name].add(next(iter(index["key"])))
    return found


def plan_of(command: Command) -> Any:
    """How the server would go about it; of several writes the first one."""
    several = {n: command[n][:1] for n in ("updates", "deletes") if n in command}
    asked = {**command, **several}
    return connection.database().command("explain", asked, verbosity="queryPlanner")


def stages(plan: Any) -> Iterator[str]:
    """Every stage of the plan that was chosen, however deep."""
    if isinstance(plan, Mapping):
        for name, value in plan.items():
            if name == "stage":
                yield str(value)
            elif name != "rejectedPlans":
                yield from stages(value)
    elif isinstance(plan, list):
        for each in plan:
            yield from stages(each)


def test_pages_and_jobs_ask_many_things(asked: list[Command]) -> None:
    assert len(growing(asked)) > 30


def test_every_query_names_the_beginning_of_an_index(asked: list[Command]) -> None:
    known = starts()

    blind = [
        (collection_of(each), filter_of(each))
        for each in growing(asked)
        if not known[collection_of(each)] & set(fields(filter_of(each)))
    ]

    assert blind == []


@real
def test_every_query_is_planned_over_an_index(asked: list[Command]) -> None:
    scanning = []
    for each in growing(asked):
        found = set(stages(plan_of(each)))
        if "COLLSCAN" in found or not found & (BY_INDEX | {"EOF"}):
            scanning.append((collection_of(each), filter_of(each), found))

    assert scanning == []
