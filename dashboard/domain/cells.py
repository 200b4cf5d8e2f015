"""Rows as text for other programs: CSV whose cells are never formulas, and JSON lines.

A spreadsheet runs what a cell begins with: = + - @, also in full width, also behind
blanks, tabs and characters nobody sees. Such a text gets an apostrophe in front
(OWASP, CSV injection); numbers stay numbers. Quoting is that of RFC 4180.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

FORMULAS: Final = frozenset("=+-@")
CONTROLS: Final = frozenset("\t\r\n")


def csv_line(values: Iterable[object]) -> str:
    """One row of a CSV file, with its end."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow([cell(v) for v in values])
    return target.getvalue()


def json_line(row: Mapping[str, object]) -> str:
    """One row as an object on a line; reading it gives the same values back."""
    return json.dumps(row, ensure_ascii=True, default=_plain) + "\n"


def cell(value: object) -> str:
    """A value as text that no spreadsheet calculates with."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    return guarded(value if isinstance(value, str) else _written(value))


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet may take it for a formula."""
    text = text.replace("\0", "")
    is_risky = text[:1] in CONTROLS or _first_seen(text) in FORMULAS
    return f"'{text}" if text and is_risky else text


def _first_seen(text: str) -> str:
    """The first character that is neither blank nor unseen, in its plain form."""
    for character in text:
        if not character.isspace() and unicodedata.category(character)[0] != "C":
            return unicodedata.normalize("NFKC", character)[:1]
    return ""


def _written(value: object) -> str:
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return " ".join(value)
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return _plain(value)


def _plain(value: object) -> str:
    """Times in UTC to the millisecond, anything else as it prints itself."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")
    return str(value)
