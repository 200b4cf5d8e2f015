"""Starting programs in order, keeping them alive, stopping them in reverse."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterable
from types import FrameType

from dashboard.standalone.child import Child
from dashboard.standalone.services import Worker

WATCH_SECONDS = 0.1
ERRAND_TRIES = 5


def say(line: str) -> None:
    """Print for the person at the terminal; one that is gone must stop nothing."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


class Supervisor:
    """Keeps programs running until a signal asks for the end.

    An errand is a program that ends by itself; one that fails is tried a few times.
    """

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.errand: Child | None = None
        self._tries = 1  # of the errand
        self._stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self, makers: Iterable[Callable[[], Child]]) -> None:
        """Make and start programs in this order, then wait for each in this order.

        Raises `ChildFailed` when one does not come up; the others keep running.
        """
        started = []
        for make in makers:
            if self.is_stopping:
                return
            started.append(make())
            self.children.append(started[-1])
            started[-1].start()
        for child in started:
            child.wait(stopping=lambda: self.is_stopping)

    def watch(self) -> None:
        """Restart what dies or stalls, saying so, until a signal asks for the end."""
        while not self._stopping.wait(WATCH_SECONDS):
            for child in self.children:
                self._look_after(child)
            self._see_errand_off()

    def stop(self) -> None:
        """Stop everything, last started first."""
        if self.errand:
            self.errand.kill_group()
        for child in reversed(self.children):
            child.stop()

    def _look_after(self, child: Child) -> None:
        if isinstance(child, Worker) and not child.is_dead and child.is_stalled:
            say(f"{child.name} does no work; ending it.")
            child.kill_group()
        if child.is_dead and child.may_restart:
            say(f"{child.name} {child.ending}; restarting it.")
            child.kill_group()  # what it started keeps ports and locks
            child.start()

    def _see_errand_off(self) -> None:
        errand = self.errand
        if errand is None or not errand.is_dead:
            return
        if errand.has_failed and self._tries < ERRAND_TRIES:
            if errand.may_restart:  # what it asks may be just restarting
                self._tries += 1
                errand.start()
            return
        if errand.has_failed:
            say(f"{errand.name} {errand.ending}. See {errand.log}")
        self.errand = None

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
