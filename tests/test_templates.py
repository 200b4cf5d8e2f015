"""What every template keeps to: layouts, fragments, no inline code, no bare word."""

import ast
import re
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString
from jinja2 import Environment, nodes

from tests.each import each

ROOT = Path(__file__).parent.parent
HOME = ROOT / "templates"
TEMPLATES = sorted(HOME.rglob("*.html"))
LAYOUTS = {"base.html", "bare.html"}
TRANSLATES = {"_", "gettext", "ngettext"}
SPOKEN = ("title", "placeholder", "aria-label", "aria-description", "alt", "summary")
# The name of the product and names of formats mean the same in every language.
SAME_EVERYWHERE = {
    *("PhishNet", "SPF", "DKIM", "DMARC", "ARC", "SHA-256", "UTC", "URL", "DOM"),
    *("HTML", "eml", "MB", "kB", "MD5", "SHA-1", "ID", "IP", "MIME"),
}
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+($|[ .,:;!?…])")
INLINE = re.compile(
    r"""\|\s*safe\b | \{%-?\s*autoescape | <script(?![^>]*\bsrc=) |
        <style\b | \sstyle= | \son[a-z]+\s*= | \bhx-on\b | \bhx-vals=.js: |
        javascript: | \bsrcdoc= | \bhx-vars\b""",
    re.IGNORECASE | re.VERBOSE,
)


def name_of(path):
    return str(path.relative_to(HOME))


every = each("path", TEMPLATES, name=name_of)


def kind(path):
    if name_of(path) in LAYOUTS:
        return "layout"
    if path.parent.name == "macros":
        return "macros"
    return "fragment" if path.name.startswith("_") else "page"


def parsed(path):
    return Environment(autoescape=True).parse(path.read_text())


def markup(path):
    """The template's HTML, with everything Jinja fills in taken out."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    return BeautifulSoup(
        re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL), "html.parser"
    )


def constants(node):
    """The texts in expressions that no translation goes through."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATES:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from constants(child)


def foreign(text):
    return [w for w in LETTERS.findall(text) if w not in SAME_EVERYWHERE]


@every
def test_nothing_is_marked_safe_and_no_code_stands_inline(path):
    assert not INLINE.findall(path.read_text())


@every
def test_every_page_extends_a_layout_and_no_fragment_does(path):
    extends = bool(list(parsed(path).find_all(nodes.Extends)))

    assert extends is (kind(path) == "page" or name_of(path) == "base.html")


@every
def test_every_visible_text_can_be_translated(path):
    found = markup(path)
    texts = [t for t in found.find_all(string=True) if type(t) is NavigableString]
    said = [e[name] for name in SPOKEN for e in found.select(f"[{name}]")]

    assert not [word for text in (*texts, *said) for word in foreign(text)]


@every
def test_every_sentence_in_an_expression_can_be_translated(path):
    found = [t for t in constants(parsed(path)) if SENTENCE.match(t)]

    assert not [text for text in found if text not in SAME_EVERYWHERE]


@every
def test_every_imported_macro_is_used(path):
    template = parsed(path)
    used = {name.name for name in template.find_all(nodes.Name)}
    given = {
        name if isinstance(name, str) else name[1]
        for load in template.find_all(nodes.FromImport)
        for name in load.names
    }

    assert not given - used


def test_every_macro_is_used_somewhere():
    named = [
        name.name for path in TEMPLATES for name in parsed(path).find_all(nodes.Name)
    ]
    macros = {m.name for p in TEMPLATES for m in parsed(p).find_all(nodes.Macro)}

    assert not macros - set(named)


@every
def test_a_fragment_is_at_most_60_lines_and_a_page_120(path):
    limit = {"fragment": 60, "page": 120, "layout": 120, "macros": 400}[kind(path)]

    assert len(path.read_text().splitlines()) <= limit


@every
def test_every_table_has_a_caption(path):
    tables = markup(path).select("table")

    assert all(table.find("caption") for table in tables)


@every
def test_every_fragment_that_is_swapped_has_one_root(path):
    swaps = re.findall(r'hx-target="#([\w-]+)"', path.read_text())
    known = "".join(template.read_text() for template in TEMPLATES)

    assert all(f'id="{identity}"' in known for identity in swaps)


def spoken_in_views():
    """What views say to people: where, and the argument."""
    says = {"flash", "abort", "not_allowed"}
    for path in sorted((ROOT / "dashboard/web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in says:
                yield from ((path.name, argument) for argument in node.args)


def test_what_a_view_says_can_be_translated():
    bare = [
        (where, argument.value)
        for where, argument in spoken_in_views()
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]

    assert not bare
