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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


def main(chosen: list[str]) -> int:
    """Try every sabotage, or those of the rows that are named."""
    every = [s for s in listed() if not chosen or s.row in chosen]
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(COPIES):
            copy = Path(folder, str(number))
            shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
            copies.put(copy)

        def trial(sabotage: Sabotage) -> str:
            copy = copies.get()
            try:
                why = attempt(copy, sabotage)
            finally:
                copies.put(copy)
            print(f"{why or 'caught':<10} {sabotage.row:<10} {sabotage.test}")
            return why

        for test in sorted({s.test.partition("::")[0] for s in every}):
            sound = sorted({s.test for s in every if s.test.startswith(test)})
            if result_of(Path(folder, "0"), sound) != GREEN:
                print(f"{test} is red before anything is broken.", file=sys.stderr)
                return 1
        with ThreadPoolExecutor(COPIES) as pool:
            survivors = [why for why in pool.map(trial, every) if why]
    print(f"{len(every)} tried, {len(survivors)} not caught.")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
