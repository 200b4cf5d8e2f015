"""The list of sabotages: every security row is on it, and every line still stands."""

import ast
from operator import attrgetter

import pytest

from tests.each import each
from tools import sabotage
from tools.sabotage import Sabotage, broken

DUE = {
    *(f"XSS-{number:02}" for number in range(1, 13)),
    *(f"NOSQL-{number:02}" for number in range(1, 7)),
    *("SSTI-01", "HDR-02", "LOG-01", "SSRF-07"),
    *("DOS-01", "DOS-02", "DOS-03", "DOS-04", "DOS-09"),
    *("AUTHN-01", "AUTHN-03", "AUTHN-04", "AUTHN-18", "AUTHN-19"),
    *("AUTHZ-01", "AUTHZ-02", "AUTHZ-03", "AUTHZ-04", "AUTHZ-06", "AUTHZ-07"),
    *("AUTHZ-08", "CSV-01", "SSRF-01", "HDR-01"),
    *("RACE-02", "RACE-03", "RACE-05", "RACE-06"),
    *("HTTP-03", "HTTP-04", "HTTP-05", "HTTP-07"),
    *(f"F-DB-{number:02}" for number in range(1, 6)),
    *(f"F-WRK-{number:02}" for number in range(1, 8)),
    *(f"F-SIG-{number:02}" for number in range(1, 5)),
    *("F-UP-01", "F-UP-02"),
}
LISTED = sabotage.listed()
GIVEN = Sabotage("XSS-01", "a.py", "x = 1", "x = 2", "tests/test_a.py")
every = each("one", LISTED, name=attrgetter("row"))


def names_in(path):
    """The classes and functions of a file of tests, as pytest names them."""
    for node in ast.parse(path.read_text()).body:
        yield getattr(node, "name", "")
        for inner in (
            getattr(node, "body", []) if isinstance(node, ast.ClassDef) else []
        ):
            yield f"{node.name}::{getattr(inner, 'name', '')}"


def test_every_row_that_is_due_is_on_the_list():
    assert not DUE - {one.row for one in LISTED}


def test_no_sabotage_is_on_the_list_twice():
    tried = {(one.row, one.file, one.line, one.replacement) for one in LISTED}

    assert len(tried) == len(LISTED)


@every
def test_the_line_still_stands_there_once(root, one):
    text = (root / one.file).read_text()

    assert broken(text, one) != text


@every
def test_what_it_is_replaced_with_is_still_a_program(root, one):
    if one.file.endswith(".py"):
        ast.parse(broken((root / one.file).read_text(), one))


@every
def test_the_test_it_must_turn_red_exists(root, one):
    file, _, name = one.test.partition("::")

    assert not name or name in set(names_in(root / file))


def test_a_line_keeps_its_place_and_its_indentation():
    assert (
        broken("def f():\n    x = 1\n    y\n", GIVEN) == "def f():\n    x = 2\n    y\n"
    )


@pytest.mark.parametrize("text", ["y = 1\n", "x = 1\nx = 1\n", "x = 11\n"])
def test_a_line_that_is_gone_or_not_the_only_one_is_refused(text):
    with pytest.raises(ValueError, match="stands"):
        broken(text, GIVEN)


@pytest.mark.parametrize(
    ("ended", "why"), [(sabotage.RED, ""), (sabotage.GREEN, "survived"), (4, "never")]
)
def test_a_sabotage_is_caught_by_a_red_test_alone(tmp_path, monkeypatch, ended, why):
    (tmp_path / "a.py").write_text("x = 1\n")
    seen = []

    def ran(copy, _tests):
        seen.append((copy / "a.py").read_text())
        return ended

    monkeypatch.setattr(sabotage, "result_of", ran)
    assert sabotage.attempt(tmp_path, GIVEN).startswith(why)
    assert bool(sabotage.attempt(tmp_path, GIVEN)) is bool(why)
    assert seen[0] == "x = 2\n"
    assert (tmp_path / "a.py").read_text() == "x = 1\n"
