"""One program kept running: started, watched, restarted and stopped with its group."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 60
LAST_LINES = 5
POLL_SECONDS = 0.02
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0
RECENT_SECONDS = 30

# A killed supervisor cannot see to an orderly end, so the kernel ends its children.
# They need no farewell: each is built to be killed at any moment.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")
# A supervisor that was killed before the kernel was told is gone by now.
IF_STILL_THERE = ("sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"')

# Images and shells that forbid it make every start compile every module anew.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


class ChildFailed(Exception):
    """A program ended, or never became ready, while it was being started."""


def tied_to(parent: int) -> list[str]:
    """What to put before a command so that it ends with the process that starts it."""
    return [*DIE_WITH_PARENT, *IF_STILL_THERE, str(parent)]


@dataclass
class Child:
    """A program, how to tell that it works, and how long it may take to stop.

    What it prints goes to its log, or to the terminal when it is to be heard.
    """

    name: str
    argv: Sequence[str]
    is_ready: Callable[[], bool]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    grace_seconds: float = 15
    ready_seconds: float = READY_SECONDS
    is_heard: bool = False
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=deque)

    def start(self) -> None:
        """Start the program without waiting, in a group that Ctrl-C does not reach."""
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*tied_to(os.getpid()), "nice", f"-n{self.niceness}", *self.argv],
                stdin=subprocess.DEVNULL,
                stdout=None if self.is_heard else log,
                stderr=log,
                env={**os.environ, **COMPILED, **self.environment},
                cwd=ROOT,
                start_new_session=True,
            )

    def wait(self, *, stopping: Callable[[], bool] = lambda: False) -> None:
        """Return when the program works; raise `ChildFailed` if it will not."""
        give_up = time.monotonic() + self.ready_seconds
        while not stopping():
            # Asked before and after: the answer must be ours, not a stranger's.
            if not self.is_dead and self.is_ready() and not self.is_dead:
                return
            if self.is_dead:
                raise ChildFailed(f"{self.name} {self.ending}.\n{self.last_words}")
            if time.monotonic() > give_up:
                raise ChildFailed(f"{self.name} does not answer.\n{self.last_words}")
            time.sleep(POLL_SECONDS)

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def has_failed(self) -> bool:
        return self.process is not None and self.process.returncode not in (None, 0)

    @property
    def ending(self) -> str:
        """How the program ended, for a person."""
        code = self.process.returncode if self.process else None
        if code is None:
            return "was not running"
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with status {code}"

    @property
    def last_words(self) -> str:
        """The end of the program's log, and where the rest is."""
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([*(f"  {line}" for line in lines), f"See {self.log}"])

    @property
    def pause(self) -> float:
        """Seconds a restart is to keep from the last start; doubles as they repeat."""
        recent = time.monotonic() - RECENT_SECONDS
        while self.starts and self.starts[0] < recent:
            self.starts.popleft()
        doubled: float = FIRST_PAUSE_SECONDS * 2 ** max(0, len(self.starts) - 1)
        return min(doubled, LONGEST_PAUSE_SECONDS)

    @property
    def may_restart(self) -> bool:
        pause = self.pause
        return not self.starts or time.monotonic() - self.starts[-1] >= pause

    def kill_group(self) -> None:
        """Kill the program and whatever it started, and wait for it to be gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask the program to finish; kill what is left of its group after the grace."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace_seconds)
        self.kill_group()
