"""What a newcomer meets first: one command, and what it says when something lacks."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECK = ROOT / "tools" / "check.sh"


@pytest.fixture
def machine(tmp_path):
    """Runs the check on a machine with the given programs and nothing else."""

    def run(**programs: str) -> subprocess.CompletedProcess[str]:
        for name, script in {"sh": "", "setpriv": "exit 0", **programs}.items():
            path = tmp_path / name
            if name == "sh":
                path.symlink_to(shutil.which("sh"))
            elif script:
                path.write_text(f"#!/bin/sh\n{script}\n")
                path.chmod(0o755)
        return subprocess.run(
            [CHECK, "python3"],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def python(*, version_is_old: bool = False, has_venv: bool = True) -> str:
    """A stand-in for python3 that answers the questions the check asks."""
    return (
        'case "$2" in\n'
        f"*version_info*) exit {int(version_is_old)};;\n"
        f"*ensurepip*) exit {int(not has_venv)};;\n"
        "esac\necho Python 3.9.2"
    )


def test_a_machine_with_everything_passes(machine):
    done = machine(python3=python())
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_venv_is_named_with_its_command(machine):
    done = machine(python3=python(has_venv=False))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_a_missing_python_is_named_with_its_command(machine):
    done = machine()
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_a_missing_setpriv_is_named_by_its_package(machine):
    done = machine(python3=python(), setpriv="")
    assert done.returncode == 1
    assert "apt-get install util-linux" in done.stderr


def test_an_old_python_is_refused_with_its_version(machine):
    done = machine(python3=python(version_is_old=True))
    assert done.returncode == 1
    assert "3.11 or later" in done.stderr
    assert "Python 3.9.2" in done.stderr


def make(*arguments: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_make_alone_lists_every_target_with_its_purpose():
    listed = set(re.findall(r"^make ([a-z-]+) +\S", make(), re.MULTILINE))
    assert {"run", "test", "lint", "types", "bench", "sure", "demo", "demo-clear"} <= (
        listed
    )
    assert {"sabotage", "setup", "help"} <= listed


def test_the_suite_runs_on_two_cores_and_asks_for_every_test():
    assert "-m pytest -n 2" in make("--dry-run", "test")


def test_continuous_integration_runs_the_same_suite():
    script = (ROOT / ".ci" / "run").read_text()
    assert "make --no-print-directory test" in script
    assert "CI=true" in script
    for package in ("chromium", "redis-server", "dovecot-imapd"):
        assert package in script


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        *(f"requirements-{n}.txt" for n in ("standalone", "dev", "fuzz")),
    ],
)
def test_every_requirement_is_pinned_and_names_no_host(name):
    lines = (ROOT / name).read_text().splitlines()
    wanted = [line for line in lines if line.strip() and line[0] not in " #"]
    assert wanted
    assert all(re.fullmatch(r"[\w.\[\]-]+==\S+( ; .*)?", line) for line in wanted)
    assert "://" not in "\n".join(lines)
