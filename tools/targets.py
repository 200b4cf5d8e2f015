"""What hostile bytes are thrown at; whatever one of these raises is a fault."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from dashboard.domain import addresses, evidence, headers, links, rewriters, urls, views
from dashboard.domain.engine import FAILED, examine
from dashboard.domain.findings import Place, Where
from dashboard.domain.parsing import parse
from dashboard.domain.receipts import to_record
from dashboard.domain.safe_view import render

Target = Callable[[bytes], None]

_PAGE = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
_ACTIVE = re.compile(r"<(?:script|iframe|object|form|[a-z0-9]+\s[^>]*\b(?:on\w+|src)=)")


class Fault(Exception):
    """The engine hid a failure, or said what is not so."""


def message(data: bytes) -> None:
    """A whole message: examined, shown, and every piece of evidence read back."""
    examination = examine(data)
    for each in examination.assessment.findings:
        if each.finding.rule == FAILED:
            raise Fault(each.finding.summary)
        for seen in each.finding.evidence:
            if evidence.read(examination.message, seen.place) != seen.value:
                raise Fault(f"{each.finding.rule} points at something else")
    json.dumps(to_record(examination))
    json.dumps(views.tabs(examination.message))


def header_lines(data: bytes) -> None:
    """Header lines: found, decoded, and taken for mailboxes and parameters."""
    block = headers.scan(data, 0, len(data))
    for name in block.named:
        block.first(name)
    for field in block.fields:
        addresses.read(field)
        headers.parameters(headers.decode_value(field.value).text)


def link_text(data: bytes) -> None:
    """A text: its links found, taken apart and unwrapped."""
    text = data.decode("utf-8", "replace")
    for link in links.in_plain(text, Place(Where.TEXT, "1", start=0, end=len(text))):
        urls.split(link.target)
    rewriters.is_rewritten(text)


def page(data: bytes) -> None:
    """An HTML body: read, and cleaned for the safe view."""
    if found := _ACTIVE.search(render(parse(_PAGE + data)).partition("<body")[2]):
        raise Fault(f"the safe view holds {found[0]}")


TARGETS: Final[Mapping[str, Target]] = {
    "message": message,
    "header_lines": header_lines,
    "link_text": link_text,
    "page": page,
}
