"""What tests need from the machine: skipped by name when absent, a failure in CI."""

import os
import shutil

import pytest

WHERE = "/usr/bin:/usr/sbin:/usr/local/bin"
PACKAGES = {"dovecot": "dovecot-imapd"}


def require(program: str) -> str:
    """Return the path of a system program, or end the test by name."""
    if path := shutil.which(program, path=WHERE):
        return path
    reason = f"{program} is missing; apt-get install {PACKAGES.get(program, program)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
