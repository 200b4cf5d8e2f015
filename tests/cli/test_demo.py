"""The demonstration set comes in through the front door and leaves nothing behind."""

import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from dashboard.documents import connection, counters
from dashboard.documents.connection import now
from dashboard.domain.context import Context
from dashboard.services import demo, examinations, files
from tests import factories
from tests.product import ROOT, Product, running

MESSAGES = sorted((ROOT / "tests" / "messages").glob("*.eml"))
WANTED = ("encrypted-archive-password-in-mail.eml", "own-domain-newsletter.eml")
FEW = {
    path.name: path.read_bytes()
    for path in MESSAGES
    if path in MESSAGES[::20] or path.name in WANTED
}
LIMIT = factories.LIMIT
MADE = (
    *("email_analyses", "analysis_jobs", "analysis_receipts", "messages"),
    *("message_views", "attachment_archives", "fs.files", "fs.chunks"),
)


@pytest.fixture(autouse=True)
def _connected(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command would close the connection that the other tests share."""
    monkeypatch.setattr(connection, "connect", lambda _settings: None)
    monkeypatch.setattr(connection, "disconnect", lambda: None)
    command = import_module("dashboard.cli.demo")  # the name is the command's as well
    monkeypatch.setattr(command, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds some of the messages only, for they take their time."""
    for name, raw in FEW.items():
        (tmp_path / name).write_bytes(raw)
    monkeypatch.setattr(import_module("dashboard.cli.demo"), "MESSAGES", tmp_path)


def work() -> None:
    """Do what a worker would, in this process."""
    for job in connection.database()["analysis_jobs"].find({"state": "queued"}):
        examinations.run(str(job["_id"]), "task", Context())


def loaded() -> None:
    list(demo.fill(FEW, max_bytes=LIMIT))
    work()


def invoke(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *arguments])


def stored(name: str) -> list[dict[str, Any]]:
    return list(connection.database()[name].find({}))


def counts() -> dict[str, int]:
    """The sums of all days, without what is zero."""
    total: Counter[str] = Counter()
    for day in counters.by_day().values():
        total.update({"received": day["received"], **day["facets"]})
    return {name: count for name, count in total.items() if count}


def test_the_set_is_large_enough_to_look_alive() -> None:
    assert len(MESSAGES) >= 80


def test_every_message_is_examined_by_the_pipeline(app: Flask, database: None) -> None:
    loaded()

    rows = stored("email_analyses")
    assert {row["file_name"] for row in rows} == set(FEW)
    assert {row["status"] for row in rows} == {"done"}
    assert {row["source"] for row in rows} == {"demo"}
    assert {row["user_id"] for row in rows} == {"demonstration"}
    assert len(stored("analysis_receipts")) == len(FEW)


def test_the_messages_are_judged_in_the_world_they_were_written_for(
    app: Flask, database: None
) -> None:
    name = "own-domain-newsletter.eml"
    list(demo.fill({name: FEW[name]}, max_bytes=LIMIT))
    work()

    found = stored("analysis_receipts")[0]["record"]["assessment"]["findings"]

    assert "own-domain-authenticated" in {finding["rule"] for finding in found}


def test_the_set_is_spread_over_thirty_days() -> None:
    at = now()

    times = [time for _, time in demo.spread(dict.fromkeys(map(str, range(120))), at)]

    assert times == sorted(times)
    assert timedelta(days=29) < at - times[0] <= timedelta(days=30)
    assert timedelta(0) <= at - times[-1] < timedelta(days=1)
    assert len({time.date() for time in times}) >= 30


def test_the_same_messages_lie_at_the_same_distances() -> None:
    at, names = now(), dict.fromkeys(FEW)
    moved = at + timedelta(hours=5)

    first, second = demo.spread(names, at), demo.spread(names, moved)

    assert [(n, t + timedelta(hours=5)) for n, t in first] == second


def test_filling_twice_is_filling_once(app: Flask, database: None) -> None:
    loaded()
    loaded()

    assert len(stored("email_analyses")) == len(FEW) == counts()["received"]


def test_a_database_that_holds_anything_else_is_refused(
    app: Flask, database: None
) -> None:
    factories.submitted(factories.account())

    result = invoke(app, "fill")

    assert result.exit_code == 1
    assert "holds other analyses" in result.output
    assert len(stored("email_analyses")) == 1


def test_a_missing_worker_is_said_and_the_messages_wait(
    app: Flask, few: None, database: None
) -> None:
    result = invoke(app, "fill")

    assert result.exit_code == 0, result.output
    assert f"No worker is running: {len(FEW)} messages are stored" in result.output
    assert counts()["status:pending"] == len(FEW)


def test_filling_again_with_a_worker_completes_the_set(
    app: Flask, few: None, database: None
) -> None:
    loaded()

    result = invoke(app, "fill")

    assert f"{len(FEW)} messages: " in result.output
    decided = [row for row in stored("email_analyses") if row["decision"]]
    assert len(decided) >= len(FEW) // 4


def test_clearing_removes_all_that_was_made(
    app: Flask, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SMALL", 900)  # some are in files then
    loaded()
    demo.judge()
    assert all(stored(name) for name in MADE)

    result = invoke(app, "clear")

    assert f"{len(FEW)} messages" in result.output
    assert [name for name in MADE if stored(name)] == []
    assert counts() == {}


def test_clearing_leaves_what_others_submitted(app: Flask, database: None) -> None:
    loaded()
    raws = (FEW["encrypted-archive-password-in-mail.eml"], factories.eml())
    mine = {factories.submitted(factories.account(), raw) for raw in raws}
    work()
    before = {name: len(stored(name)) for name in ("messages", "attachment_archives")}

    invoke(app, "clear")

    assert {str(row["_id"]) for row in stored("email_analyses")} == mine
    assert {len(stored(name)) for name in ("analysis_jobs", "message_views")} == {2}
    assert len(stored("messages")) == 2 < before["messages"]
    assert stored("attachment_archives")
    assert counts()["received"] == counts()["status:done"] == 2


def test_clearing_leaves_an_attachment_that_others_have_too(
    app: Flask, database: None
) -> None:
    raw = FEW["encrypted-archive-password-in-mail.eml"]
    list(demo.fill({"one": raw}, max_bytes=LIMIT))
    factories.submitted(factories.account(), b"X-Forwarded: yes\r\n" + raw)
    work()
    sealed = stored("attachment_archives")
    assert len(sealed) == 1

    list(demo.clear())

    assert stored("attachment_archives") == sealed
    assert files.content_of(sealed[0])


def test_clearing_before_a_worker_came_leaves_nothing(
    app: Flask, database: None
) -> None:
    list(demo.fill(FEW, max_bytes=LIMIT))
    waiting = stored("analysis_jobs")[0]

    list(demo.clear())
    examinations.run(str(waiting["_id"]), "task", Context())

    assert [name for name in MADE if stored(name)] == []
    assert counts() == {}


def slowed(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Let workers read for a second; the event is set when one begins."""
    read, began = examinations._examine, Event()

    def slowly(*given: Any) -> examinations.Result:
        began.set()
        time.sleep(1)
        return read(*given)

    monkeypatch.setattr(examinations, "_examine", slowly)
    return began


def test_clearing_waits_for_what_a_worker_reads(
    app: Flask, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = slowed(monkeypatch)
    name = "encrypted-archive-password-in-mail.eml"
    list(demo.fill({name: FEW[name]}, max_bytes=LIMIT))
    with ThreadPoolExecutor(1) as worker:
        working = worker.submit(work)
        began.wait(10)
        assert len(list(demo.clear())) == 1
        working.result()

    assert [name for name in MADE if stored(name)] == []
    assert counts() == {}


def test_the_trail_keeps_both_events(app: Flask, database: None) -> None:
    loaded()
    list(demo.clear())

    actions = Counter(row["action"] for row in stored("audit_logs"))

    assert actions["demo:load"] == actions["demo:clear"] == 1
    assert actions["analysis:finish"] == len(FEW)


def flask(product: Product, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo", *arguments],
        env={"PATH": "/usr/bin:/bin", "VAR_DIR": str(product.directory)},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=140,
        check=True,
    )


@pytest.mark.standalone
@pytest.mark.timeout(300)  # a bound for a machine that is busy with other tests
def test_the_running_product_takes_the_set_in_and_gives_it_back(
    tmp_path: Path,
) -> None:
    with running(tmp_path / "var") as product:
        filled = flask(product, "fill")
        rows = list(product.database()["email_analyses"].find({}))
        cleared = flask(product, "clear")

        assert f"{len(MESSAGES)} messages: " in filled.stdout
        assert len(rows) == len(MESSAGES)
        assert {row["status"] for row in rows} == {"done"}
        assert f"{len(MESSAGES)} messages" in cleared.stdout
        assert product.database()["email_analyses"].find_one({}) is None
