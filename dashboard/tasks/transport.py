"""A message broker in a folder, for the product on one machine.

Names of task runs travel here, never their work: a message that a killed worker
took with it is sent again by the sweep. Celery's own folder transport writes its
messages in place, where a reader may find half of one, and shares one lock between
the worker's processes, which is held for ever once an idle one is killed.
"""

import os
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

POLL_SECONDS = 0.1
SUFFIX = ".message"


class Channel(virtual.Channel):
    """Queues as folders, messages as files, oldest first by name."""

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.root = Path("/", connection.client.virtual_host)

    def _folder(self, queue: str) -> Path:
        folder = self.root / queue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _waiting(self, queue: str) -> list[str]:
        with os.scandir(self._folder(queue)) as entries:
            return sorted(e.name for e in entries if e.name.endswith(SUFFIX))

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        path = self._folder(queue) / f"{time_ns():020d}-{uuid4()}{SUFFIX}"
        part = path.with_suffix(".part")
        part.write_text(dumps(message))
        part.rename(path)  # whole or not at all

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = self._folder(queue)
        for name in self._waiting(queue):
            # Whoever renames it has it; the others find it gone and go on.
            taken = folder / f"{name}.{os.getpid()}"
            with suppress(FileNotFoundError):
                (folder / name).rename(taken)
                message = loads(taken.read_text())
                taken.unlink()
                return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for name in waiting:
            (self._folder(queue) / name).unlink(missing_ok=True)
        return len(waiting)


class Transport(virtual.Transport):
    """Delivers from the worker's event loop, so that its children share no lock.

    The address names the folder: `files:///var/lib/phishnet/queue`.
    """

    Channel = Channel
    driver_type = driver_name = "files"
    polling_interval = POLL_SECONDS
    implements = virtual.Transport.implements.extend(asynchronous=True)
    state_of_broker = virtual.BrokerState()
    cycle: Any

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        # Queues are declared once a process, over however many connections.
        self.state = self.state_of_broker

    def driver_version(self) -> str:
        return "1"

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        loop.call_repeatedly(POLL_SECONDS, self.deliver)

    def deliver(self) -> None:
        """Hand over every message there is, until the worker will take no more."""
        with suppress(Empty):
            while True:
                self.cycle.get(self._deliver)


def register() -> None:
    """Let broker addresses that begin with files:// mean this transport."""
    TRANSPORT_ALIASES["files"] = f"{__name__}:{Transport.__name__}"
