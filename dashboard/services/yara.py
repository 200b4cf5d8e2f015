"""The organisation's own rules for files (YARA-X), read from a folder and tried."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import yara_x

from dashboard.domain.scanning import Match

MOST_FILES: Final = 200  # of rules
MOST_NAMED: Final = 20  # of those that cannot be used; every receipt names them
LARGEST_FILE: Final = 2 * 1024 * 1024
LARGEST_FOLDER: Final = 10 * 1024 * 1024
LARGEST: Final = 25 * 1024 * 1024  # bytes that are scanned at once
SECONDS: Final = 1  # for one scan
TOTAL_SECONDS: Final = 2.0  # for all of one message
MOST_MATCHES: Final = 20  # of one message
MOST_PLACES: Final = 10  # of one pattern
SUFFIXES: Final = (".yar", ".yara")
# The others look at the clock, write, or bring in what other services found.
MODULES: Final = frozenset(
    {"dex", "dotnet", "elf", "hash", "lnk", "macho", "math", "pe", "string"}
)

logger = logging.getLogger(__name__)


class Rules(NamedTuple):
    """Rules ready to be tried, and the files of which there are none."""

    compiled: yara_x.Rules | None
    broken: tuple[str, ...] = ()


class NotUsable(ValueError):
    """A file of rules that cannot be used."""


def load(folder: Path) -> Rules:
    """Compile the rules of a folder; what cannot be used is named, and logged."""
    compiler = _compiler()
    broken, room = [], LARGEST_FOLDER
    files = _files(folder)
    if not files:
        logger.warning("yara.no_rules")
        return Rules(None, _named([_storable(folder.name)]))
    for path in files[:MOST_FILES]:
        name = _storable(path.name)
        try:
            source = _source(path, room)
        except (NotUsable, OSError, ValueError) as fault:
            logger.warning("yara.not_usable %s %s", name, type(fault).__name__)
            broken.append(name)
            continue
        room -= len(source)
        compiler.new_namespace(name)
        compiler.add_source(source, origin=name)
    broken += [_storable(path.name) for path in files[MOST_FILES:]]
    return Rules(compiler.build(), _named(broken))


def scan(rules: yara_x.Rules, parts: Iterator[tuple[str, bytes]]) -> "Tried":
    """Try the rules on named contents, the first ones first, in bounded time."""
    until = time.monotonic() + TOTAL_SECONDS
    scanner = yara_x.Scanner(rules)
    scanner.set_timeout(SECONDS)
    scanner.max_matches_per_pattern(MOST_PLACES)
    found: list[Match] = []
    is_cut = False
    for part, content in parts:
        if len(content) > LARGEST or time.monotonic() > until:
            is_cut = True
            continue
        try:
            results = scanner.scan(content)
        except (yara_x.TimeoutError, yara_x.ScanError):
            is_cut = True
            continue
        found += [_match(rule, part) for rule in results.matching_rules]
    return Tried(tuple(sorted(found))[:MOST_MATCHES], is_cut)


class Tried(NamedTuple):
    """Which rules fit, and whether something was left out."""

    matches: tuple[Match, ...]
    is_cut: bool


def _compiler() -> yara_x.Compiler:
    return yara_x.Compiler(error_on_slow_pattern=True, includes_enabled=False)


def _files(folder: Path) -> list[Path]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [each for each in paths if each.suffix in SUFFIXES and each.is_file()]


def _storable(name: str) -> str:
    """A name of a file as any log and any database can hold it."""
    return name.encode("utf-8", "replace").decode()


def _named(broken: list[str]) -> tuple[str, ...]:
    """The first names, the last one with how many more there are."""
    told = broken[:MOST_NAMED]
    if len(broken) > MOST_NAMED:
        told[-1] += f" (+{len(broken) - MOST_NAMED})"
    return tuple(told)


def _source(path: Path, room: int) -> str:
    """The rules in a file, once they compile alone; raises `NotUsable`."""
    if path.stat().st_size > min(LARGEST_FILE, room):
        raise NotUsable("too large")
    source = path.read_text(encoding="utf-8")
    compiler = _compiler()
    try:
        compiler.add_source(source, origin=path.name)
    except yara_x.CompileError:
        raise NotUsable("no valid rules") from None
    if not {*compiler.build().imports()} <= MODULES:
        raise NotUsable("a module that is not allowed")
    return source


def _match(rule: yara_x.Rule, part: str) -> Match:
    places = [place for pattern in rule.patterns for place in pattern.matches]
    first = min(places, key=lambda place: place.offset, default=None)
    start = first.offset if first else 0
    end = start + first.length if first else 0
    return Match(rule.identifier, rule.namespace, part, start, end)
