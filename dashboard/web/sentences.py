"""What the engine says, in the language of who reads it."""

from collections.abc import Mapping
from typing import Any

from dashboard.domain.aggregator import readable
from dashboard.domain.findings import Sentence
from dashboard.web.marking import plain
from dashboard.web.templating import translated


def sentence(english: str, told: Mapping[str, Any] | None) -> str:
    """A sentence of a receipt; English where the reader's language lacks it.

    Receipts of earlier versions tell nothing but the English.
    """
    if not told:
        return plain(translated(english) if english else "")
    if translated(told["template"]) == told["template"]:
        return plain(english)
    said = readable(_said(told))
    return plain(said[:1].upper() + said[1:])


def worded(error: Exception) -> str:
    """Why something was refused, in the reader's language."""
    told = error.args[0] if error.args else ""
    if isinstance(told, Sentence) and told.values:
        return translated(told.template) % told.values
    return translated(str(error)) if told else ""


def _said(told: Mapping[str, Any]) -> str:
    values = {
        name: _said(value) if isinstance(value, Mapping) else value
        for name, value in told["values"].items()
    }
    said = translated(told["template"])
    return said % values if values else said
