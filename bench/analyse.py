"""How fast the engine reads mail, beside the standard library's bare parser.

    python -m bench.analyse FOLDER [--limit N] [--rounds N]

One process each, by wall clock, on the same files already in memory. The standard
library only parses, walks and decodes; the engine parses, runs every detector and
weighs, a few messages at once as the command does. The ratio is to be at least 0.35,
the memory under 400 MB.
"""

import argparse
import resource
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from dashboard.cli.analyse import TOGETHER, settle
from dashboard.domain.engine import examine, examine_each


def bare(raw: bytes) -> None:
    """What any mail program does before it knows anything about a message."""
    for part in message_from_bytes(raw, policy=policy.compat32).walk():
        part.get_payload(decode=True)


def judged(messages: list[bytes]) -> None:
    """What the command does with files once they are read."""
    for at in range(0, len(messages), TOGETHER):
        examine_each(messages[at : at + TOGETHER])


def read(messages: list[bytes]) -> None:
    """The same messages by the standard library alone."""
    for raw in messages:
        bare(raw)


def seconds(work: Callable[[list[bytes]], object], messages: list[bytes]) -> float:
    """The wall time of one pass."""
    started = time.perf_counter()
    work(messages)
    return time.perf_counter() - started


def slowest(paths: list[Path], messages: list[bytes]) -> tuple[float, Path]:
    """The message that took longest, and how long."""
    times = (
        (seconds(judged, [raw]), path)
        for path, raw in zip(paths, messages, strict=True)
    )
    return max(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=2000, help="messages read")
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()

    paths = sorted(path for path in told.folder.rglob("*.eml") if path.is_file())
    paths = paths[:: max(1, len(paths) // told.limit)]
    messages = [path.read_bytes() for path in paths]
    for raw in messages[:50]:
        examine(raw)
    settle()  # as the command does

    engine = parser_only = float("inf")
    for _ in range(told.rounds):  # interleaved, so that both meet the same noise
        parser_only = min(parser_only, seconds(read, messages))
        engine = min(engine, seconds(judged, messages))
    worst, where = slowest(paths, messages)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = sum(map(len, messages)) / 1024 / 1024

    print(f"messages              {len(messages)} ({held:.0f} MB)")
    print(f"standard library      {len(messages) / parser_only:8.0f} messages/s")
    print(f"engine                {len(messages) / engine:8.0f} messages/s")
    print(f"ratio                 {parser_only / engine:8.2f}   (at least 0.35)")
    print(f"slowest message       {worst:8.3f} s ({where.name})   (under 2 s)")
    print(f"peak memory           {memory:8.0f} MB   (under 400 MB)")


if __name__ == "__main__":
    main()
