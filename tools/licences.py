"""Refuses libraries whose licence would bind our own code.

What `requirements.txt` brings in runs inside our process. The embedded database is
another program that we only start, so its licence binds itself alone.
"""

import re
import sys
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINDING = re.compile(r"\b(A?GPL|Affero|GNU General Public)", re.IGNORECASE)
LESSER = re.compile(r"\b(LGPL|Lesser)", re.IGNORECASE)
UNKNOWN = "UNKNOWN"


def main() -> int:
    """Print the libraries that are refused; return a status for the shell."""
    refused = [
        f"{name}: {licence}"
        for name, licence in sorted(licences().items())
        if is_refused(licence)
    ]
    print("\n".join(refused) or "Every licence leaves our own code ours.")
    return bool(refused)


def is_refused(licence: str) -> bool:
    """Whether a licence binds who imports the library, or says nothing at all."""
    offers = re.split(r"\bOR\b|;", LESSER.sub("", licence))
    return licence == UNKNOWN or all(BINDING.search(offer) for offer in offers)


def licences() -> dict[str, str]:
    """Return the licence of every library that runs inside our process."""
    return {name: licence(name) for name in pinned(ROOT / "requirements.txt")}


def licence(name: str) -> str:
    """Return what an installed library says of its licence, newest form first."""
    said = metadata(name)
    if "License-Expression" in said:
        return said["License-Expression"]
    classifiers = said.get_all("Classifier") or ()
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    texts = said.get_all("License") or [""]
    return "; ".join(named) or texts[0].partition("\n")[0] or UNKNOWN


def pinned(path: Path) -> list[str]:
    """Return the names of a compiled requirements file."""
    return re.findall(r"^([\w.-]+)(?:\[.*\])?==", path.read_text(), re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main())
