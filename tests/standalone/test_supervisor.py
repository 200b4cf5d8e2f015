"""Starting in order, keeping alive, stopping in reverse."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dashboard.standalone.child import Child, ChildFailed
from dashboard.standalone.services import STALL_SECONDS, Worker
from dashboard.standalone.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NOTES = "import signal, time; n = open({log!r}, 'a', 1); n.write('start {name}\\n')\n"
NOTES += "signal.signal(15, lambda *_: exit(n.write('stop {name}\\n') * 0))\n"
NOTES += "open({ready!r}, 'w'); time.sleep(60)"


@pytest.fixture
def supervisor():
    """A supervisor whose children and signal handlers end with the test."""
    before = [signal.getsignal(number) for number in SIGNALS]
    supervisor = Supervisor()
    yield supervisor
    for child in supervisor.children:
        child.kill_group()
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def noting(tmp_path):
    """Makes children that note in one file when they start and stop."""

    def make(name: str) -> Child:
        ready = tmp_path / f"{name}.ready"
        paths = {"log": str(tmp_path / "notes"), "ready": str(ready), "name": name}
        argv = [sys.executable, "-c", NOTES.format(**paths)]
        return Child(name, argv, ready.exists, tmp_path / f"{name}.log")

    return make


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def watch_until(supervisor: Supervisor, claim) -> None:
    """Let it watch until something holds; the limit is only against hanging."""

    def look() -> None:
        give_up = time.monotonic() + 60
        while not claim() and time.monotonic() < give_up:
            time.sleep(0.02)
        ask_to_stop()

    looking = threading.Thread(target=look)
    looking.start()
    supervisor.watch()
    looking.join()
    assert claim()


def test_what_was_started_last_is_stopped_first(supervisor, noting, tmp_path):
    supervisor.start([lambda: noting("a"), lambda: noting("b"), lambda: noting("c")])
    supervisor.stop()
    notes = (tmp_path / "notes").read_text().splitlines()
    assert [n for n in notes if "stop" in n] == ["stop c", "stop b", "stop a"]


def test_the_start_is_over_when_each_works(supervisor, noting):
    supervisor.start([lambda: noting("a"), lambda: noting("b")])
    assert all(child.is_ready() for child in supervisor.children)


def test_one_that_will_not_start_ends_the_start(supervisor, noting, tmp_path):
    broken = Child("broken", [sys.executable, "-c", "1/0"], bool, tmp_path / "log")
    with pytest.raises(ChildFailed, match="ZeroDivisionError"):
        supervisor.start([lambda: noting("a"), lambda: broken])


def test_a_signal_during_the_start_starts_no_more(supervisor, noting):
    ask_to_stop()
    supervisor.start([lambda: noting("a")])
    assert supervisor.children == []


def test_what_dies_is_started_again_and_said_so(supervisor, noting, capsys):
    supervisor.start([lambda: noting("a")])
    child = supervisor.children[0]
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    watch_until(supervisor, lambda: child.process.pid != first)
    assert "a was ended by SIGKILL; restarting it." in capsys.readouterr().out


def test_an_errand_that_always_fails_is_said_once(
    supervisor, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("dashboard.standalone.supervisor.ERRAND_TRIES", 2)
    argv = [sys.executable, "-c", "raise SystemExit(3)"]
    supervisor.errand = Child("the errand", argv, bool, tmp_path / "errand.log")
    supervisor.errand.start()
    watch_until(supervisor, lambda: supervisor.errand is None)
    assert capsys.readouterr().out.count("the errand ended with status 3") == 1


def test_an_errand_that_fails_at_first_is_tried_again(supervisor, tmp_path, capsys):
    done = tmp_path / "done"
    argv = ["sh", "-c", f"test -e {done} || {{ touch {done}; false; }}"]
    supervisor.errand = Child("the errand", argv, bool, tmp_path / "errand.log")
    supervisor.errand.start()
    watch_until(supervisor, lambda: supervisor.errand is None)
    assert "the errand" not in capsys.readouterr().out


@pytest.fixture
def worker(tmp_path):
    """A worker that started long ago."""
    alive = tmp_path / "worker.alive"
    alive.touch()
    child = Worker("worker", [], bool, tmp_path / "log", alive=alive)
    child.starts.append(time.monotonic() - 10 * STALL_SECONDS)
    return child


def age(path: Path, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(path, (at, at))


@pytest.mark.parametrize(
    ("silent", "is_stalled"), [(STALL_SECONDS - 5, False), (STALL_SECONDS + 5, True)]
)
def test_a_worker_is_stalled_once_its_children_are_silent(worker, silent, is_stalled):
    age(worker.alive, silent)
    assert worker.is_stalled is is_stalled


def test_a_worker_that_never_showed_life_is_stalled_in_the_end(worker):
    worker.alive.unlink()
    assert worker.is_stalled


def test_a_restarted_worker_is_given_time_again(worker):
    age(worker.alive, 10 * STALL_SECONDS)
    worker.starts.append(time.monotonic())
    assert not worker.is_stalled


def test_the_supervisor_loads_nothing_of_what_it_supervises():
    code = "import sys, dashboard.standalone.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"flask", "celery", "mongoengine", "gunicorn", "secantus", "pydantic"}
    assert not heavy & set(done.stdout.split())
