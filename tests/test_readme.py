"""What the documents promise is there: settings, commands, addresses, files."""

import ast
import re
from pathlib import Path

import pytest
from click import Context
from flask import Flask
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from dashboard.config import ROOT, Settings
from dashboard.domain import rulesets

README = (ROOT / "README.md").read_text()
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)\)")
MAKE = re.compile(r"(?:`|^    )make\s+([a-z][a-z-]*)", re.MULTILINE)
FLASK = re.compile(r"flask --app wsgi ([a-z]+)(?: ([a-z-]+))?")
ADDRESS = re.compile(r"`(/(?:api/)?health[a-z/]*)`")

# What a requirement is imported as where the name alone does not tell.
IMPORTED_AS = {
    "dnspython": "dns",
    "argon2-cffi": "argon2",
    "Flask-Babel": "flask_babel",
    "google-re2": "re2",
    "pillow": "PIL",
    "python-oxmsg": "oxmsg",
    "zxing-cpp": "zxingcpp",
}
# By Celery, by make, by zoneinfo, by pypdf.
LOADED_BY_NAME = {"redis", "gunicorn", "tzdata", "cryptography"}


def every(documents: list[Path]) -> pytest.MarkDecorator:
    names = [str(path.relative_to(ROOT)) for path in documents]
    return pytest.mark.parametrize("document", documents, ids=names)


def default_of(field: FieldInfo) -> str:
    """The default of a setting as the table shows it."""
    if field.is_required():
        return "required"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    if isinstance(value, float):
        value = f"{value:g}"
    return f"`{value}`" if str(value) else "empty"


def test_every_setting_is_in_the_table_with_its_default() -> None:
    said = {name: default for name, default, _meaning in ROW.findall(README)}

    assert said == {
        name: default_of(field) for name, field in Settings.model_fields.items()
    }


def test_the_table_keeps_the_order_of_the_settings() -> None:
    assert [row[0] for row in ROW.findall(README)] == list(Settings.model_fields)


@every(DOCUMENTS)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text())

    assert [t for t in targets if not (document.parent / t).exists()] == []


@every(DOCUMENTS)
def test_every_make_command_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()

    named = set(MAKE.findall(document.read_text()))

    assert [n for n in named if not re.search(rf"^{n}:", makefile, re.MULTILINE)] == []


@every(DOCUMENTS)
def test_every_flask_command_exists(app: Flask, document: Path) -> None:
    context = Context(app.cli)
    for name, rest in FLASK.findall(document.read_text()):
        command = app.cli.get_command(context, name)
        assert command, name
        assert rest in getattr(command, "commands", {rest: None}), (name, rest)


@every(DOCUMENTS)
def test_every_address_exists(app: Flask, document: Path) -> None:
    known = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules()}

    assert set(ADDRESS.findall(document.read_text())) <= known


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))

    assert [int(name[:3]) for name in names] == list(range(1, len(names) + 1))


def requirements() -> list[str]:
    lines = (ROOT / "requirements.in").read_text().split()
    return [re.split(r"[=<>\[]", line)[0] for line in lines]


def imported() -> set[str]:
    """The outside modules that the product imports."""
    files = [*(ROOT / "dashboard").rglob("*.py"), ROOT / "gunicorn.conf.py"]
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_nothing_is_required_that_is_not_used() -> None:
    modules = {
        name: IMPORTED_AS.get(name, name.lower().replace("-", "_"))
        for name in requirements()
        if name not in LOADED_BY_NAME
    }
    used = imported()

    assert [name for name, module in modules.items() if module not in used] == []


@pytest.mark.parametrize("name", requirements())
def test_every_requirement_has_its_reason(name: str) -> None:
    reasons = (ROOT / "docs/adr/009-libraries.md").read_text().lower()

    assert f"**{name.lower()}**" in reasons


class TestDetection:
    """The documents name the rules and levels that the current ruleset has."""

    def test_names_every_rule_and_no_other(self):
        ruleset, text = rulesets.load(), (ROOT / "docs" / "detection.md").read_text()
        named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text))

        assert named == {*ruleset.points_for, *ruleset.points_against}

    def test_tells_where_each_level_begins(self):
        text = (ROOT / "docs" / "verdicts.md").read_text()
        told = re.findall(r"(?m)^\| from (\d+) \| (\w+) \|", text)

        assert {level: int(least) for least, level in told} == dict(
            rulesets.load().thresholds
        )
        assert f"ruleset {rulesets.CURRENT};" in text
