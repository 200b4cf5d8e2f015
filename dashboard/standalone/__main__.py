"""`python -m dashboard.standalone`: the whole product on this machine."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from dashboard.standalone import kept, services
from dashboard.standalone.child import DIE_WITH_PARENT, ROOT, Child, ChildFailed
from dashboard.standalone.database import is_free
from dashboard.standalone.supervisor import Supervisor, say

LONG_LOG_BYTES = 10_000_000
PRIVATE = 0o077


class CannotStart(Exception):
    """Something stands in the way; the message says what, and what to do."""


def main() -> int:
    """Run the product until Ctrl-C or SIGTERM; return a status for the shell."""
    directory = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    os.umask(PRIVATE)
    try:
        lock = take(directory)
        check_password(directory)
        prepare(directory)
        settings = kept.keep(directory, os.environ)
        host, port = services.address({**settings, **os.environ})
        check(port)
    except (CannotStart, ValueError) as error:
        say(str(error))
        return 1
    with lock:
        return run(directory, host, port)


def take(directory: Path) -> IO[str]:
    """Return the lock on a data directory; raise `CannotStart` if another has it."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = (directory / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart(f"PhishNet is already running on {directory}.") from None
    return lock


def prepare(directory: Path) -> None:
    """Sweep up what killed programs left, and cut logs that grew long."""
    shutil.rmtree(directory / "tmp", ignore_errors=True)
    for name in ("tmp", "log", "queue"):
        (directory / name).mkdir(exist_ok=True)
    for log in (directory / "log").glob("*.log"):
        if log.stat().st_size > LONG_LOG_BYTES:
            log.replace(log.with_suffix(".old"))
    for path in (directory / "queue").rglob("*"):
        if path.is_file() and path.suffix != ".message":  # half written or half read
            path.unlink()


def check_password(directory: Path) -> None:
    """Raise `CannotStart` if there is a database that nobody can open any more."""
    data = directory / "database" / "data"
    if data.exists() and not (directory / kept.NAME).exists():
        raise CannotStart(
            f"{directory / kept.NAME}, which holds the password of the database in "
            f"{data}, is gone. Put it back, or move {data} away."
        )


def check(port: int) -> None:
    """Raise `CannotStart` if something the product needs is missing or taken."""
    if shutil.which(DIE_WITH_PARENT[0]) is None:
        raise CannotStart(
            "setpriv is missing. Install it with: apt-get install util-linux"
        )
    if not is_free(port):
        raise CannotStart(
            f"Something else listens on port {port}. Stop it, or choose another port: "
            "API_PORT=8001 make run"
        )


def run(directory: Path, host: str, port: int) -> int:
    """Start everything, keep it running, stop it; return a status for the shell."""
    supervisor = Supervisor()
    status = 0
    try:
        supervisor.start(programs(directory, host, port))
        if not supervisor.is_stopping:
            say(f"PhishNet is ready at http://{host}:{port} (Ctrl-C stops it)")
            supervisor.errand = services.first_link(directory)
            supervisor.errand.start()
            supervisor.watch()
    except ChildFailed as error:
        say(f"PhishNet cannot start: {error}")
        status = 1
    say("Stopping.")
    supervisor.stop()
    return status


def programs(directory: Path, host: str, port: int) -> list[Callable[[], Child]]:
    """Return what makes each program, in the order they start.

    None of them needs the one before it to be ready, only to come: each tries again.
    """
    makers: list[Callable[[], Child]] = [
        partial(services.worker, directory),
        partial(services.beat, directory),
        partial(services.web, directory, host, port),
    ]
    if services.uses_own_database(os.environ):
        makers.insert(0, partial(own_database, directory, os.environ))
    return makers


def own_database(directory: Path, environ: Mapping[str, str]) -> Child:
    """Return the embedded database, on another port if its own was taken."""
    settings = kept.keep(directory, environ)
    if not is_free(int(settings["DATABASE_PORT"])):
        kept.move_database(directory)
        settings = kept.keep(directory, environ)
    return services.database(directory, settings)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # before the supervisor took the signals
        sys.exit(main())
