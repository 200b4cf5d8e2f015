"""One program kept running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.standalone.child import Child, ChildFailed, tied_to

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); print(flush=True); "
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])"


@pytest.fixture
def make(tmp_path):
    """Makes children that are gone after the test."""
    made = []

    def build(code: str, *, is_ready=lambda: True, **options) -> Child:
        log = tmp_path / f"{len(made)}.log"
        argv = [sys.executable, "-c", code]
        made.append(Child("probe", argv, is_ready, log, **options))
        return made[-1]

    yield build
    for child in made:
        child.kill_group()


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


def soon(claim, seconds: float = 30) -> bool:
    """Whether it holds in the end; the limit is only against hanging."""
    give_up = time.monotonic() + seconds
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.02)
    return bool(claim())


def test_waiting_returns_when_the_program_works(make, tmp_path):
    mark = tmp_path / "ready"
    child = make(f"open({str(mark)!r}, 'w'); {SLEEP}", is_ready=mark.exists)
    child.start()
    child.wait()
    assert mark.exists()
    assert not child.is_dead


def test_an_answer_from_somebody_else_is_not_taken_for_the_programs_own(make):
    child = make("raise SystemExit(3)", is_ready=lambda: True)
    child.start()
    child.process.wait()
    with pytest.raises(ChildFailed, match="ended with status 3"):
        child.wait()


def test_a_program_that_fails_leaves_its_last_words(make):
    child = make("raise SystemExit('no such house')", is_ready=lambda: False)
    child.start()
    with pytest.raises(ChildFailed, match="no such house"):
        child.wait()


def test_a_program_that_never_answers_is_given_up(make):
    child = make(SLEEP, is_ready=lambda: False, ready_seconds=0.2)
    child.start()
    with pytest.raises(ChildFailed, match="does not answer"):
        child.wait()


def test_waiting_is_cut_short_by_a_stop(make):
    child = make(SLEEP, is_ready=lambda: False)
    child.start()
    child.wait(stopping=lambda: True)
    assert not child.is_dead


def test_stopping_asks_first(make, tmp_path):
    mark = tmp_path / "asked"
    code = f"import signal; signal.signal(15, lambda *_: exit(open({str(mark)!r}, 'w')"
    child = make(f"{code} and 0)); print(flush=True); {SLEEP}")
    child.start()
    assert soon(lambda: child.log.stat().st_size > 0)
    child.stop()
    assert mark.exists()


def test_what_does_not_stop_in_time_is_killed(make):
    child = make(STUBBORN + SLEEP, grace_seconds=0.3)
    child.start()
    assert soon(lambda: child.log.stat().st_size > 0)
    child.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_killing_reaches_what_the_program_started(make):
    child = make(PARENT)
    child.start()
    tasks = Path(f"/proc/{child.process.pid}/task/{child.process.pid}/children")
    assert soon(lambda: tasks.read_text().split())
    grandchild = int(tasks.read_text().split()[0])
    child.kill_group()
    assert soon(lambda: not is_alive(grandchild))


def test_the_terminals_interrupt_does_not_reach_it(make):
    child = make(SLEEP)
    child.start()
    assert os.getsid(child.process.pid) == child.process.pid


def test_it_ends_with_whoever_started_it(tmp_path):
    starter = (
        "import sys, time; from pathlib import Path\n"
        "from dashboard.standalone.child import Child\n"
        f"child = Child('x', [sys.executable, '-c', {SLEEP!r}], lambda: True,"
        f" Path({str(tmp_path / 'log')!r}))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", starter], stdout=subprocess.PIPE, cwd=root
    ) as process:
        started = int(process.stdout.readline())
        assert is_alive(started)
        process.kill()
    assert soon(lambda: not is_alive(started))


@pytest.mark.parametrize(("parent", "said"), [(os.getpid, "begun"), (lambda: 1, "")])
def test_it_does_not_begin_once_its_starter_is_gone(parent, said):
    done = subprocess.run(
        [*tied_to(parent()), "echo", "begun"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.strip() == said


def test_restarts_wait_longer_the_more_often_they_repeat(make):
    child = make("raise SystemExit(1)")
    pauses = []
    for _ in range(8):
        child.starts.append(time.monotonic())
        pauses.append(child.pause)
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_program_that_ran_for_long_is_restarted_at_once(make):
    child = make(SLEEP)
    child.starts.extend(time.monotonic() - ago for ago in (50, 40, 31))
    assert child.pause == 0.25
    assert child.may_restart
