"""Collects every text of pages and of the engine's sentences for translators.

Written is `translations/messages.pot`, from which `pybabel init` and
`pybabel update` make and renew the catalogue of a language.
"""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
THERE = ROOT / "translations" / "messages.pot"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None, "Sentence": None}
EVERYTHING = (("dashboard/**.py", "python"), ("templates/**.*", "jinja2"))
OPTIONS = {"templates/**.*": {"trimmed": "true", "silent": "false"}}


def collected(files: Iterable[tuple[str, str]] = EVERYTHING) -> Catalog:
    """Every text in these files that can be translated, with where it stands."""
    found = Catalog(project="PhishNet", charset="utf-8")
    texts = extract_from_dir(ROOT, list(files), OPTIONS, KEYWORDS)
    for file, line, message, comments, context in texts:
        found.add(message, None, [(file, line)], (), comments, context=context)
    return found


def main() -> None:
    """Write the catalogue, and say how many texts it holds."""
    catalogue = collected()
    THERE.parent.mkdir(exist_ok=True)
    with THERE.open("wb") as file:
        write_po(file, catalogue, width=88)
    print(f"{len(catalogue)} texts in {THERE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
