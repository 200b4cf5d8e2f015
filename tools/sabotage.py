"""Breaks each protection once, in a copy, and names those whose test stays green.

The list is tests/sabotage.toml: a row of the requirements, the exact line of code
that keeps it, what the line is replaced with, and the test that must turn red. The
working tree is never touched.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "sabotage.toml"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", "*.pyc"
)
COPIES = 2
GREEN, RED = 0, 1  # how pytest ends; anything else means that it never came to a test
LIMIT_SECONDS = 300
PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:randomly"),
    *("-p", "no:cacheprovider", "--tb=no"),
)


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One line that is broken, and the test that must notice."""

    row: str
    file: str
    line: str
    replacement: str
    test: str


def listed() -> list[Sabotage]:
    """Every sabotage of the list, in its order."""
    entries = tomllib.loads(LIST.read_text())["sabotage"]
    return [Sabotage(**entry) for entry in entries]


def broken(text: str, sabotage: Sabotage) -> str:
    """The file with the line replaced; `ValueError` unless it stands there once."""
    lines = text.splitlines()
    places = [n for n, line in enumerate(lines) if line.strip() == sabotage.line]
    if len(places) != 1:
        raise ValueError(f"{sabotage.row}: the line stands {len(places)} times")
    old = lines[places[0]]
    indent = old[: len(old) - len(old.lstrip())]
    lines[places[0]] = indent + sabotage.replacement
    return "\n".join(lines) + "\n"


def result_of(copy: Path, tests: list[str]) -> int:
    """How the tests end in this copy."""
    try:
        ended = subprocess.run(
            [*PYTEST, *tests], cwd=copy, capture_output=True, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return RED  # a test that hangs has noticed
    return ended.returncode


def attempt(copy: Path, sabotage: Sabotage) -> str:
    """Why this sabotage is not caught, or nothing."""
    path = copy / sabotage.file
    whole = path.read_text()
    try:
        path.write_text(broken(whole, sabotage))
        ended = result_of(copy, [sabotage.test])
    except ValueError as error:
        return str(error)
    finally:
        path.write_text(whole)
    if ended == RED:
        return ""
    return "survived" if ended == GREEN else f"never came to its test ({ended})"


@contextmanager
def borrowed(copies: Queue[Path]) -> Iterator[Path]:
    """One of the copies, for nobody else meanwhile."""
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


def is_sound(copies: Queue[Path], tests: list[str]) -> bool:
    """Whether these tests are green while nothing is broken."""
    with borrowed(copies) as copy:
        sound = result_of(copy, tests) == GREEN
    if not sound:
        print(f"Red before anything is broken: {' '.join(tests)}", file=sys.stderr)
    return sound


def trial(copies: Queue[Path], sabotage: Sabotage) -> bool:
    """Whether this sabotage is caught; prints how it went."""
    with borrowed(copies) as copy:
        why = attempt(copy, sabotage)
    print(f"{why or 'caught':<10} {sabotage.row:<10} {sabotage.test}", flush=True)
    return not why


def main(chosen: list[str]) -> int:
    """Try every sabotage, or those of the rows that are named."""
    every = [s for s in listed() if not chosen or s.row in chosen]
    files = {s.test.partition("::")[0]: set[str]() for s in every}
    for each in every:
        files[each.test.partition("::")[0]].add(each.test)
    with (
        tempfile.TemporaryDirectory(prefix="sabotage-") as folder,
        ThreadPoolExecutor(COPIES) as pool,
    ):
        copies: Queue[Path] = Queue()
        for number in range(COPIES):
            copy = Path(folder, str(number))
            shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
            copies.put(copy)
        whole = list(pool.map(partial(is_sound, copies), map(sorted, files.values())))
        if not all(whole):
            return 1
        caught = list(pool.map(partial(trial, copies), every))
    print(f"{len(every)} tried, {caught.count(False)} not caught.")
    return 0 if all(caught) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
