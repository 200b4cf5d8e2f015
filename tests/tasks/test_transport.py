"""The broker in a folder."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from dashboard.tasks import transport

SECONDS = 60  # only against hanging: a worker needs two, and thirty on a full machine

APP = """
import os, sys
from pathlib import Path
from celery import Celery
from dashboard.tasks import transport

transport.register()
app = Celery("probe", broker=f"files://{sys.argv[1]}/queue")
app.conf.update(worker_enable_remote_control=False, task_ignore_result=True)

@app.task(name="leave")
def leave(name):
    Path(sys.argv[1], name).write_text(str(os.getpid()))

app.worker_main(["worker", "--concurrency=2", "--loglevel=ERROR", "--without-gossip",
                 "--without-mingle", "--without-heartbeat"])
"""


@pytest.fixture(autouse=True)
def registered():
    """As `tasks.init_app` does."""
    transport.register()


def folder_queue(path: Path, name="jobs"):
    connection = Connection(f"files://{path}/queue")
    return connection.SimpleQueue(name, queue_opts={"durable": True})


def test_a_message_comes_out_as_it_went_in(tmp_path):
    with folder_queue(tmp_path) as queue:
        queue.put({"id": "ü"})
        assert queue.get(timeout=5).payload == {"id": "ü"}


def test_messages_come_out_in_the_order_they_went_in(tmp_path):
    with folder_queue(tmp_path) as queue:
        for number in range(20):
            queue.put(number)
        assert [queue.get(timeout=5).payload for _ in range(20)] == list(range(20))


def test_an_empty_queue_says_so(tmp_path):
    with folder_queue(tmp_path) as queue, pytest.raises(Empty):
        queue.get(block=False)


def test_its_size_is_what_waits_and_clearing_empties_it(tmp_path):
    with folder_queue(tmp_path) as queue:
        queue.put(1)
        queue.put(2)
        assert queue.qsize() == 2
        assert queue.clear() == 2
        assert queue.qsize() == 0


def test_a_message_being_written_is_not_read(tmp_path):
    with folder_queue(tmp_path) as queue:
        queue.put(1)
        (tmp_path / "queue/jobs/00-half.part").write_text("{")
        assert queue.qsize() == 1
        assert queue.get(timeout=5).payload == 1


def test_two_readers_never_get_the_same_message(tmp_path):
    with folder_queue(tmp_path) as queue:
        for number in range(60):
            queue.put(number)

    def drain(_):
        got = []
        with folder_queue(tmp_path) as queue:
            try:
                while True:
                    got.append(queue.get(block=False).payload)
            except Empty:
                return got

    with ThreadPoolExecutor(2) as readers:
        first, second = readers.map(drain, range(2))
    assert sorted(first + second) == list(range(60))


def test_the_folder_is_closed_to_others(tmp_path):
    with folder_queue(tmp_path) as queue:
        queue.put(1)
    assert (tmp_path / "queue/jobs").stat().st_mode & 0o077 == 0


@pytest.fixture
def worker(tmp_path):
    """A real worker on the folder, ready for work."""
    process = subprocess.Popen(
        [sys.executable, "-c", APP, str(tmp_path)], start_new_session=True
    )
    try:
        send(tmp_path, "ready")
        arrived(tmp_path / "ready")
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def send(path: Path, name: str) -> None:
    headers = {"task": "leave", "id": name, "lang": "py"}
    with Connection(f"files://{path}/queue") as connection:
        producer = connection.Producer()
        body = ((name,), {}, {})
        producer.publish(body, routing_key="celery", headers=headers, serializer="json")


def arrived(path: Path) -> str:
    give_up = time.monotonic() + SECONDS
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < give_up, f"{path.name} did not come"
        time.sleep(0.05)
    return path.read_text()


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def test_a_worker_goes_on_after_its_idle_children_are_killed(tmp_path, worker):
    for child in children_of(worker.pid):
        os.kill(child, signal.SIGKILL)
    for number in range(5):
        send(tmp_path, f"job-{number}")
    assert [arrived(tmp_path / f"job-{n}") for n in range(5)]


def test_a_worker_whose_children_were_killed_still_stops(tmp_path, worker):
    for child in children_of(worker.pid):
        os.kill(child, signal.SIGKILL)
    worker.terminate()
    assert worker.wait(timeout=SECONDS) == 0


def test_it_answers_to_its_own_address():
    assert Connection("files:///x").get_transport_cls() is transport.Transport
