"""What tests need from the machine: skipped by name when absent, a failure in CI."""

import os
import shutil
from pathlib import Path

import pytest

PROGRAMS = {
    "chromium": "/usr/bin/chromium",
    "redis-server": shutil.which("redis-server") or "/usr/bin/redis-server",
    "dovecot": shutil.which("dovecot", path="/usr/sbin:/usr/bin")
    or "/usr/sbin/dovecot",
}
PACKAGES = {"dovecot": "dovecot-imapd"}


def require(program: str) -> str:
    """Return the path of a system program, or end the test by name."""
    path = PROGRAMS[program]
    if Path(path).is_file():
        return path
    reason = f"{program} is missing; apt-get install {PACKAGES.get(program, program)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
