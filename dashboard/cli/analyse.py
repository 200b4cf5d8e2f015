"""Reading verdicts on files, without settings, database or server."""

import gc
import json
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import click

from dashboard.domain.aggregator import Assessment
from dashboard.domain.engine import Examination, examine, examine_each
from dashboard.domain.filetypes import detect
from dashboard.domain.parsing import MAX_SIZE

AHEAD = 16  # files handed to each process before its answers are awaited
TOGETHER = 8  # files examined at once

# What reading a file and examining hostile bytes may raise; a file that does gets a
# line of its own, and the others are still analysed.
_FAILURES = (
    OSError,
    MemoryError,
    RecursionError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is printed about one file."""

    path: str
    seconds: float
    assessment: Assessment | None = None
    error: str = ""


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--jobs", default=1, type=click.IntRange(1, 64), help="Processes that analyse."
)
@click.option("--timing", is_flag=True, help="Add the seconds each file took.")
@click.pass_context
def analyse(
    context: click.Context,
    paths: tuple[str, ...],
    as_json: bool,
    jobs: int,
    timing: bool,
) -> None:
    """Analyse message files; folders are walked.

    Needs no setting, database or server. The output is the same from run to run; the
    exit status is 1 when any file could not be analysed.
    """
    failed = False
    line = json_line if as_json else text_line
    together = 1 if timing else TOGETHER
    for reading in readings(files(paths), jobs=jobs, together=together):
        failed = failed or bool(reading.error)
        click.echo(line(reading, timing=timing))
    context.exit(1 if failed else 0)


def files(paths: Iterable[str]) -> Iterator[str]:
    """Each path, or every file below it in sorted order."""
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, below, names in os.walk(path):
            below.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))


def readings(
    paths: Iterator[str], *, jobs: int, together: int = 1
) -> Iterator[Reading]:
    """Analyse files in order, in this process or in several.

    With several `together` the seconds of each are not told apart.
    """
    if jobs > 1:
        return _in_processes(paths, jobs)
    settle()
    if together == 1:
        return map(reading_of, paths)
    batches = iter(lambda: tuple(islice(paths, together)), ())
    return chain.from_iterable(map(_readings_of, batches))


def settle() -> None:
    """Tell the collector that what is loaded stays and little garbage has cycles."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def reading_of(path: str) -> Reading:
    """Analyse one file, or say why it could not be."""
    started = time.perf_counter()
    try:
        found = examine(_content(path))
    except _FAILURES as failure:
        return Reading(path, time.perf_counter() - started, error=_reason(failure))
    return _read(path, found, time.perf_counter() - started)


def _readings_of(paths: Sequence[str]) -> list[Reading]:
    """Analyse a few files at once; one by one where any of them cannot be."""
    try:
        found = examine_each(map(_content, paths))
    except _FAILURES:
        return list(map(reading_of, paths))
    return [_read(path, one) for path, one in zip(paths, found, strict=True)]


def _read(path: str, found: Examination, seconds: float = 0.0) -> Reading:
    error = "" if found.message.headers else _foreign(found.message.raw)
    return Reading(path, seconds, None if error else found.assessment, error)


def _reason(failure: BaseException) -> str:
    reason = failure.strerror if isinstance(failure, OSError) else None
    return reason or f"could not be analysed ({type(failure).__name__})"


def _foreign(raw: bytes) -> str:
    """Why bytes without header lines are no message; a bare text may be one."""
    if not raw.strip():
        return "is empty"
    kind = detect(raw)
    return "" if kind == "text/plain" else f"is no message ({kind or 'binary'})"


def _content(path: str) -> bytes:
    file = Path(path)
    if file.exists() and not file.is_file():
        raise OSError(None, "is not a regular file")
    if file.stat().st_size > MAX_SIZE:
        raise OSError(None, f"is larger than {MAX_SIZE // 1024 // 1024} MB")
    return file.read_bytes()


def _in_processes(paths: Iterator[str], jobs: int) -> Iterator[Reading]:
    with ProcessPoolExecutor(jobs, initializer=settle) as pool:
        waiting: deque[tuple[str, Future[Reading]]] = deque()
        while True:
            for path in islice(paths, jobs * AHEAD - len(waiting)):
                waiting.append((path, _handed(pool, path)))
            if not waiting:
                return
            path, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                yield _alone(path)


def _handed(pool: ProcessPoolExecutor, path: str) -> Future[Reading]:
    try:
        return pool.submit(reading_of, path)
    except BrokenProcessPool as broken:
        failed: Future[Reading] = Future()
        failed.set_exception(broken)
        return failed


def _alone(path: str) -> Reading:
    """Analyse a file in a process of its own after one has taken others with it."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(reading_of, path).result()
        except BrokenProcessPool:
            return Reading(path, 0.0, error="ended the process that analysed it")


def json_line(reading: Reading, *, timing: bool) -> str:
    """One JSON object; its keys are a promise to other programs."""
    told: dict[str, object] = {"path": _printable(reading.path)}
    if reading.assessment is None:
        told["error"] = reading.error
    else:
        told |= _told(reading.assessment)
    if timing:
        told["seconds"] = round(reading.seconds, 4)
    return json.dumps(told, ensure_ascii=False)


def _told(assessment: Assessment) -> dict[str, object]:
    signals = [
        {
            "rule": each.finding.rule,
            "points": each.points,
            "summary": each.finding.summary,
        }
        for each in assessment.findings
    ]
    open_ends = [
        {"check": entry.check, "reason": entry.reason}
        for entry in assessment.not_checked
    ]
    return {
        "verdict": assessment.verdict.value,
        "level": assessment.level.value if assessment.level else None,
        "score": assessment.score,
        "confidence": assessment.risk,
        "signals": signals,
        "not_checked": open_ends,
        "ruleset": assessment.ruleset,
    }


def text_line(reading: Reading, *, timing: bool) -> str:
    """One line for people."""
    took = f" {reading.seconds:.4f} s" if timing else ""
    path = _printable(reading.path)
    if reading.assessment is None:
        return f"{'error':<12}      {path}{took}: {reading.error}"
    verdict, risk = reading.assessment.verdict.value, reading.assessment.risk
    return f"{verdict:<12} {risk:.3f} {path}{took}: {reading.assessment.summary}"


def _printable(path: str) -> str:
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in name)
