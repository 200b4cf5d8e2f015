"""Throws ever new bytes at the engine, guided by what they reach in it.

    python -m tools.fuzz [--seconds N] [--only TARGET]

Needs atheris (`make fuzz` installs it). What was learned is kept in `var/fuzz/` and
used by the next run; what broke something is left in `tests/seeds/`, where every file
is a test from then on. Ends with status 1 if anything broke.
"""

import argparse
import importlib
import re
import subprocess
import sys
from pathlib import Path

NAMES = ("message", "header_lines", "link_text", "page")
ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "tests" / "seeds"
LEARNED = ROOT / "var" / "fuzz"
MESSAGES = ROOT / "tests" / "messages"
SLOWEST = 2  # seconds of one input
MEMORY = 1200  # megabytes of a process, with all that the fuzzer notes
LONGEST = 16_000  # bytes of one input
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_NEW = re.compile(r"Test unit written to (\S+)")


def main() -> None:
    told = _told()
    if told.child:
        _fuzz(told.child, told.rest)
        return
    names = [told.only] if told.only else NAMES
    broken = [_run(name, told.seconds // len(names)) for name in names]
    sys.exit(any(broken))


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="of all together")
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--child", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, seconds: int) -> bool:
    """Fuzz one target in a process of its own; whether something broke."""
    for folder in (LEARNED / name, SEEDS / name):
        folder.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", "tools.fuzz", "--child", name, "--"),
        *(f"-max_total_time={seconds}", f"-timeout={SLOWEST}"),
        *(f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}", "-print_final_stats=1"),
        *(f"-artifact_prefix={SEEDS / name}/", "-verbosity=1"),
        *map(str, (LEARNED / name, SEEDS / name, MESSAGES)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    told = done.stdout + done.stderr
    runs, new = _RUNS.search(told), _NEW.search(told)
    print(f"{name:14}{runs[1] if runs else '?':>10} inputs", end="")
    print(f", broke at {new[1]}" if new else "")
    if done.returncode:
        print(told[-4000:])
    return bool(done.returncode)


def _fuzz(name: str, arguments: list[str]) -> None:
    atheris = importlib.import_module("atheris")  # no other tool needs it
    with atheris.instrument_imports(include=["dashboard.domain"]):
        targets = importlib.import_module("tools.targets")
    atheris.Setup([sys.argv[0], *arguments], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
