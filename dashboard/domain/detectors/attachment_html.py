"""A web page sent as a file: it opens outside the mail's protection."""

from collections.abc import Iterator

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_content, in_name
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

PAGE_RULE = "attachment-html"
SMUGGLING_RULE = "attachment-html-smuggling"
MOST_CONTENT = 1_000_000  # bytes
LONG_STRING = 400  # characters of encoded content no page writes by hand
_PAYLOAD = re2.compile(rf"[A-Za-z0-9+/=%\\]{{{LONG_STRING}}}".encode())


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report attached pages, and those that assemble a file or page in a script."""
    found = [each for each in message.attachments if _is_page(each)]
    # A part without a name is no file: a bounce may return its text as a page.
    pages = [each for each in found if each.name]
    if pages:
        yield Finding(
            PAGE_RULE,
            Sentence(
                "The file %(file)s is a web page that opens in the browser.",
                file=repr(pages[0].name),
            ),
            tuple(
                sighting(message, in_name(each), each.name, "a document")
                for each in pages[:MOST_EVIDENCE]
            ),
        )
    for page in found:
        steps = _steps(message, page)
        if steps:
            told = Sentence(
                "The page %(file)s assembles a hidden file or page by script.",
                file=repr(page.name),
            )
            yield Finding(SMUGGLING_RULE, told, steps[:MOST_EVIDENCE])
            return


def _is_page(attachment: Attachment) -> bool:
    ending = attachment.name.rpartition(".")[2].lower()
    return ending in table("files")["pages"] or (
        attachment.detected == "text/html"
        and ending not in table("files")["honest"]["text/html"]
    )


def _steps(message: Message, page: Attachment) -> tuple[Evidence, ...]:
    """The steps of assembling: one that builds, or two that unpack a payload."""
    lowered = page.content[:MOST_CONTENT].lower()
    if b"<script" not in lowered and b"onload" not in lowered:
        return ()
    builds = _found(message, page, lowered, "smuggling")
    unpacks = _found(message, page, lowered, "unpacking")
    is_packed = _PAYLOAD.search(page.content[:MOST_CONTENT]) is not None
    if builds and (unpacks or is_packed or len(builds) > 1):
        return builds + unpacks
    return unpacks if is_packed and len(unpacks) > 1 else ()


def _found(
    message: Message, page: Attachment, lowered: bytes, name: str
) -> tuple[Evidence, ...]:
    steps = ((step, lowered.find(step.encode())) for step in table("files")[name])
    return tuple(
        sighting(message, in_content(page, at, at + len(step)), step, "no script")
        for step, at in steps
        if at >= 0
    )
