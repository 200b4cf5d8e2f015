"""The watched folder: files that have come to rest are handed in, then moved aside."""

import fcntl
import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dashboard.domain.findings import Sentence
from dashboard.services import uploads
from dashboard.services.analyses import Refused
from dashboard.services.audit import Actor
from dashboard.services.uploads import Given, Limits

logger = logging.getLogger(__name__)

INBOX: Final = Actor("inbox")  # whoever can write into the folder acts as this
SETTLED_SECONDS: Final = 5.0  # without a change, and a file is taken to be whole
SLICE_SECONDS: Final = 3.0
UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".swp", "~")
MAX_NAME: Final = 180  # bytes; the file beside it has a longer one
DONE: Final = "done"
REFUSED: Final = "refused"
REASON: Final = ".reason.txt"
OPENED: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

UNREADABLE: Final = Sentence("The file cannot be opened for reading.")


def sweep(folder: Path, limits: Limits) -> int:
    """Hand in what has come to rest in the folder; how many files were moved.

    A file is moved after it is stored. Killed in between, it is handed in again, and
    the same bytes are one analysis.
    """
    for each in (folder, folder / DONE, folder / REFUSED):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    until, moved = time.monotonic() + SLICE_SECONDS, 0
    with _alone(folder) as is_alone:
        for name in _waiting(folder) if is_alone else ():
            moved += _take(folder, name, limits)
            if time.monotonic() > until:
                break
    return moved


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process works on the folder while the block runs."""
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _waiting(folder: Path) -> list[str]:
    """The names of plain files nobody has changed for a while, oldest first."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(UNFINISHED):
                continue
            if entry.is_file(follow_symlinks=False):
                written = entry.stat(follow_symlinks=False).st_mtime
                if time.time() - written >= SETTLED_SECONDS:
                    found.append((written, entry.name))
    return [name for _written, name in sorted(found)]


def _take(folder: Path, name: str, limits: Limits) -> bool:
    """Hand in one file and move it; False when it is to be looked at again."""
    try:
        opened = os.open(folder / name, OPENED)
    except FileNotFoundError:
        return False
    except OSError:
        _move(folder, name, UNREADABLE)
        return True
    with open(opened, "rb") as file:
        before = _state(opened)
        reason = _hand_in(file, name, limits) if before else UNREADABLE
        if before and before != _state(opened):
            return False  # somebody still writes it
    _move(folder, name, reason)
    return True


def _state(opened: int) -> tuple[int, int] | None:
    """Length and last change of an opened file; None if it is no plain one."""
    found = os.fstat(opened)
    plain = stat.S_ISREG(found.st_mode)
    return (found.st_size, found.st_mtime_ns) if plain else None


def _hand_in(file: BinaryIO, name: str, limits: Limits) -> str:
    """Why the file is refused; nothing when it was accepted."""
    shown = os.fsencode(name).decode("utf-8", "replace")
    try:
        uploads.take_in(Given(file, "inbox", shown), INBOX, limits)
    except Refused as error:
        return str(error)
    return ""


def _move(folder: Path, name: str, reason: str) -> None:
    """Put a file aside under a name nobody has yet, with the reason beside it."""
    target = _free(folder / (REFUSED if reason else DONE), name)
    if reason:
        beside = target.with_name(target.name + REASON)
        beside.write_text(f"{reason}\n", encoding="utf-8")
    (folder / name).rename(target)
    logger.info("inbox.%s", REFUSED if reason else DONE)


def _free(folder: Path, name: str) -> Path:
    """A path in the folder that is not in use; long names become their hash."""
    written = os.fsencode(name)
    if len(written) > MAX_NAME:
        name = hashlib.sha256(written).hexdigest()
    target = folder / name
    for number in range(2, 10_000):
        if not os.path.lexists(target):
            break
        target = folder / f"{number}-{name}"
    return target
