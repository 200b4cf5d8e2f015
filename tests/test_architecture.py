"""The rules a reviewer would otherwise have to remember."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from statistics import median
from subprocess import check_output

from tests.each import each

ROOT = Path(__file__).parent.parent
CODE = sorted((ROOT / "dashboard").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TOOLS = sorted([*(ROOT / "tools").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
BLUEPRINTS = sorted((ROOT / "dashboard/web/blueprints").glob("*.py"))
DETECTORS = sorted((ROOT / "dashboard/domain/detectors").glob("[!_]*.py"))

# What each layer may import of the others. Whoever stands here alone is a leaf.
LAYERS = {
    "clock": {"tasks", "config", "logs"},
    "app": {"cli", "extensions", "tasks", "web", "config"},
    "domain": set(),
    "documents": {"domain", "config"},
    "gateways": {"domain", "config"},
    "services": {"gateways", "documents", "domain"},
    "tasks": {"services", "lifeline"},
    "web": {"services", "documents", "domain", "extensions", "config"},
    "cli": {"services", "documents", "domain", "extensions", "config"},
    "standalone": {"lifeline"},
    "extensions": {"domain", "config", "logs"},
    "logs": set(),
    "config": set(),
    "lifeline": set(),
}
GATEWAYS = {"dns", "gmail", "google_oauth", "mail", "vault", "yara"}
# A worker's child opens its own connection after the fork: nobody else can.
EXCEPTIONS = {
    ("dashboard/tasks/lifecycle.py", "dashboard.documents.connection"),
    ("dashboard/tasks/lifecycle.py", "dashboard.documents.transactions"),
}

OUTSIDE = {
    *("flask", "werkzeug", "jinja2", "mongoengine", "pymongo", "bson", "gridfs"),
    *("celery", "kombu", "requests", "httpx", "socket", "ssl", "http", "subprocess"),
    *("time", "random", "secrets", "asyncio", "multiprocessing", "threading"),
}
CLOCKS = {"now", "utcnow", "today", "environ", "getenv", "monotonic", "time_ns"}
WRITES = {
    *("insert_one", "insert_many", "update_one", "update_many", "delete_one"),
    *("delete_many", "replace_one", "bulk_write", "save", "modify", "drop"),
    *("find_one_and_update", "find_one_and_replace", "find_one_and_delete"),
}
BANNED = {
    *("utils", "util", "helpers", "helper", "common", "manager", "managers", "data"),
    *("info", "process", "handle", "handler", "tmp", "misc"),
}
CATCHES_ALL = {"dashboard/domain/engine.py", "dashboard/web/errors.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


every = partial(each, "path", name=name_of)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    return node.end_lineno - node.lineno + 1


def layer_of(module: str) -> str:
    """The layer of a module's dotted name; "" for the package itself."""
    parts = module.split(".")[1:]
    if len(parts) > 1 and parts[0] == "services" and parts[1] in GATEWAYS:
        return "gateways"
    return parts[0] if parts and parts[0] in LAYERS else ""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def is_view(node: ast.FunctionDef) -> bool:
    marks = (mark.func for mark in node.decorator_list if isinstance(mark, ast.Call))
    return any(
        isinstance(mark, ast.Attribute) and mark.attr in {"get", "post", "route"}
        for mark in marks
    )


class TestLayers:
    @every(CODE)
    def test_dependencies_point_inwards(self, path):
        layer = layer_of(module_of(path))
        allowed = {"", layer, *LAYERS.get(layer, LAYERS)} - {"standalone"} | {layer}
        known = (name for name in imports(path) if name.startswith("dashboard."))
        crossed = {name for name in known if layer_of(name) not in allowed}
        excused = {name for where, name in EXCEPTIONS if where == name_of(path)}

        assert not {n for n in crossed if not n.startswith(tuple(excused) or "-")}

    def test_gateways_know_only_the_vault_of_each_other(self):
        others = {f"dashboard.services.{name}" for name in GATEWAYS - {"vault"}}
        for path in CODE:
            if layer_of(module_of(path)) == "gateways":
                known = {name.rpartition(".")[0] for name in imports(path)}
                assert not known & (others - {module_of(path)}), path

    @every([p for p in CODE if layer_of(module_of(p)) == "domain"])
    def test_the_domain_knows_no_web_database_network_or_clock(self, path):
        named = {n.attr for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute)}

        known = {name.split(".")[0] for name in imports(path)}

        assert not known & OUTSIDE
        assert not named & CLOCKS

    def test_the_web_process_loads_nothing_that_opens_a_message(self):
        opens = {
            *("dashboard.domain.engine", "dashboard.domain.parsing"),
            *("dashboard.domain.containers", "dashboard.domain.detectors"),
            *("dashboard.services.examinations", "pypdf", "zxingcpp"),
        }
        told = "import sys, wsgi; print(*sys.modules)"
        loaded = check_output([sys.executable, "-c", told], cwd=ROOT, text=True)

        assert "dashboard.web" in loaded.split()
        assert not opens & set(loaded.split())

    @every([p for p in CODE if layer_of(module_of(p)) in {"services", "gateways"}])
    def test_use_cases_know_nothing_of_requests_or_templates(self, path):
        known = {name.split(".")[0] for name in imports(path)}

        assert not known & {"flask", "werkzeug", "jinja2", "wtforms", "flask_wtf"}

    @every([p for p in CODE if layer_of(module_of(p)) in {"web", "cli"}])
    def test_pages_and_commands_write_no_document(self, path):
        called = {
            n.func.attr
            for n in ast.walk(tree(path))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }

        assert not called & WRITES

    @every([p for p in CODE if p.parent.name == "forms" and p.stem != "__init__"])
    def test_every_form_is_one_of_ours(self, path):
        assert "flask_wtf.FlaskForm" not in set(imports(path))

    def test_the_table_lists_every_part_of_the_package(self):
        parts = {p.stem for p in (ROOT / "dashboard").iterdir()} - {"__init__"}

        assert {p for p in parts if not p.startswith("_")} <= set(LAYERS)


class TestHabits:
    @every([*CODE, *TESTS, *TOOLS])
    def test_modules_are_named_for_what_is_in_them(self, path):
        assert not {*path.relative_to(ROOT).with_suffix("").parts} & BANNED

    @every([*CODE, *TOOLS])
    def test_every_module_says_what_is_inside(self, path):
        assert ast.get_docstring(tree(path)) or not path.read_text()

    @every([*CODE, *TESTS, *TOOLS])
    def test_imports_stand_at_the_top(self, path):
        inside = [
            n.lineno
            for function in functions(path)
            for n in ast.walk(function)
            if isinstance(n, ast.Import | ast.ImportFrom)
        ]

        assert not inside

    @every(CODE)
    def test_everything_is_caught_in_two_places_only(self, path):
        wide = [
            node.lineno
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ExceptHandler) and catches_all(node)
        ]

        assert len(wide) <= (name_of(path) in CATCHES_ALL)

    @every([*CODE, *TESTS, *TOOLS])
    def test_nothing_is_left_to_do(self, path):
        if path != Path(__file__):
            assert not re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b", path.read_text())

    @every(CODE)
    def test_nothing_is_unpickled_evaluated_or_rendered_from_a_string(self, path):
        named = {n.id for n in ast.walk(tree(path)) if isinstance(n, ast.Name)}
        names = {part for name in imports(path) for part in name.split(".")}

        assert not named & {"eval", "exec", "Markup"}
        assert not names & {"pickle", "marshal", "shelve", "render_template_string"}


def catches_all(node: ast.ExceptHandler) -> bool:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    names = {kind.id for kind in kinds if isinstance(kind, ast.Name)}
    return node.type is None or bool(names & {"Exception", "BaseException"})


class TestBudgets:
    @every([*CODE, *TESTS, *TOOLS])
    def test_no_function_is_longer_than_a_screen(self, path):
        assert not [f.name for f in functions(path) if length(f) > 50]

    @every([*CODE, *TESTS, *TOOLS])
    def test_no_file_is_longer_than_400_lines(self, path):
        assert len(path.read_text().splitlines()) <= 400

    @every(DETECTORS)
    def test_a_detector_fits_on_a_page(self, path):
        assert len(path.read_text().splitlines()) <= 80

    @every(BLUEPRINTS)
    def test_a_view_is_at_most_20_lines(self, path):
        views = [f for f in functions(path) if is_view(f)]

        assert not [f"{f.name}: {length(f)}" for f in views if length(f) > 20]

    @every(TESTS)
    def test_a_test_is_at_most_20_lines(self, path):
        tests = [f for f in functions(path) if f.name.startswith("test_")]

        assert not [f"{f.name}: {length(f)}" for f in tests if length(f) > 20]

    def test_half_of_the_functions_are_at_most_8_lines(self, record_property):
        found = median(length(f) for path in CODE for f in functions(path))
        record_property("median function", found)

        assert found <= 8

    def test_half_of_the_files_are_at_most_80_lines(self, record_property):
        lengths = [len(path.read_text().splitlines()) for path in CODE]
        record_property("median file", median(lengths))

        assert median(lengths) <= 80
