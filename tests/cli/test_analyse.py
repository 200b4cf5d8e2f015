"""`flask analyse` reads verdicts without settings, in order, the same every time."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboard.cli.analyse import analyse
from tests.domain.letters import plain

command = import_module("dashboard.cli.analyse")  # the package names the command so
ROOT = Path(__file__).parents[2]
KEYS = ["path", "verdict", "level", "score", "confidence", "signals", "not_checked"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/2.eml", "a.eml", "b/1.eml", "b/c/0.eml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(plain(f"Hello {name}"))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(analyse, [str(argument) for argument in arguments])


def objects(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_folders_are_walked_in_sorted_order(folder: Path) -> None:
    result = run("--json", folder)
    names = [str(found["path"]) for found in objects(result)]
    below = ["a.eml", "b/1.eml", "b/2.eml", "b/c/0.eml"]
    assert names == [os.path.join(str(folder), name) for name in below]
    assert result.exit_code == 0


def test_an_object_has_the_promised_keys(folder: Path) -> None:
    found = objects(run("--json", folder / "a.eml"))[0]
    assert list(found) == [*KEYS, "ruleset"]
    assert found["path"] == str(folder / "a.eml")
    signals = found["signals"]
    assert isinstance(signals, list)
    assert all(list(signal) == ["rule", "points", "summary"] for signal in signals)
    assert found["score"] == sum(signal["points"] for signal in signals)


def test_the_output_is_the_same_with_any_number_of_jobs(folder: Path) -> None:
    outputs = {run("--json", "--jobs", jobs, folder).stdout for jobs in (1, 1, 2)}
    assert len(outputs) == 1


def test_seconds_are_told_only_when_asked(folder: Path) -> None:
    assert "seconds" in objects(run("--json", "--timing", folder / "a.eml"))[0]
    assert "seconds" not in objects(run("--json", folder / "a.eml"))[0]


def test_a_file_that_cannot_be_read_gets_a_line_and_the_rest_goes_on(
    folder: Path,
) -> None:
    result = run("--json", folder / "none.eml", folder / "a.eml")
    first, second = objects(result)
    assert first == {"path": str(folder / "none.eml"), "error": first["error"]}
    assert (second["verdict"], result.exit_code) == ("clean", 1)


def test_a_pipe_is_refused_without_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    result = run("--json", folder / "pipe")
    assert objects(result)[0]["error"] == "is not a regular file"


def test_a_file_too_large_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MAX_SIZE", 10)
    assert "larger" in str(objects(run("--json", folder / "a.eml"))[0]["error"])


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"%PDF-1.7", "is no message (application/pdf)", id="document"),
        pytest.param(b"\x00\x01", "is no message (binary)", id="binary"),
    ],
)
def test_what_is_no_message_gets_an_error(
    folder: Path, content: bytes, error: str
) -> None:
    (folder / "odd.eml").write_bytes(content)
    result = run("--json", folder / "odd.eml")
    assert objects(result) == [{"path": str(folder / "odd.eml"), "error": error}]
    assert result.exit_code == 1


def test_a_failing_analysis_is_a_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(raw: bytes) -> None:
        raise RecursionError("secret")

    monkeypatch.setattr(command, "examine", failing)
    monkeypatch.setattr(command, "examine_each", lambda raws: [*map(failing, raws)])
    result = run("--json", folder / "a.eml")
    assert objects(result)[0]["error"] == "could not be analysed (RecursionError)"
    assert "secret" not in result.output


def test_files_examined_at_once_read_as_one_by_one(tmp_path: Path) -> None:
    for number in range(3 * command.TOGETHER + 1):
        (tmp_path / f"{number:02}.eml").write_bytes(plain(f"Hello {number}"))
    (tmp_path / "05.eml").write_bytes(b"")
    (tmp_path / "19.eml").unlink()
    (tmp_path / "19.eml").symlink_to(tmp_path / "nowhere")
    at_once = objects(run("--json", tmp_path))
    alone = [objects(run("--json", file))[0] for file in sorted(tmp_path.iterdir())]
    assert at_once == alone
    assert [n for n, told in enumerate(at_once) if "error" in told] == [5, 19]


def test_a_process_that_dies_costs_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = command.examine

    def deadly(raw: bytes) -> object:
        if b"1.eml" in raw:
            os._exit(1)
        return real(raw)

    monkeypatch.setattr(command, "examine", deadly)
    paths = iter(command.files([str(folder)]))
    errors = [bool(reading.error) for reading in command._in_processes(paths, 2)]
    assert errors == [False, True, False, False]


def test_people_read_a_sentence(folder: Path) -> None:
    result = run(folder / "a.eml")
    assert result.stdout.startswith("clean ")
    assert "phishing" in result.stdout


def test_the_command_needs_no_setting_and_no_folder(folder: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    command = [sys.executable, "-m", "flask", "--app", ROOT / "wsgi.py", "analyse"]
    done = subprocess.run(
        [*command, "--json", "b"],
        cwd=folder,
        env=bare,
        capture_output=True,
        check=True,
        timeout=60,
    )
    names = [json.loads(line)["path"] for line in done.stdout.splitlines()]
    assert names == ["b/1.eml", "b/2.eml", "b/c/0.eml"]
