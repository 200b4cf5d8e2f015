"""A picture that is a program: drawn in markup, with a script of its own."""

from collections.abc import Iterator

import re2

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_content
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-picture-script"
MOST_CONTENT = 1_000_000  # bytes
_DRAWN = re2.compile(rb"(?i)<(?:[a-z]{1,9}:)?svg[\s>/]")
_SCRIPT = re2.compile(
    rb"(?i)<(?:[a-z]{1,9}:)?script[\s>/]|\son(?:load|click|error|begin|mouseover)\s*="
    rb"|=\s*[\"']?\s*javascript:|<foreignobject[\s>]"
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report drawings in markup that run a script or hold a page."""
    seen = [(each, _script(message, each)) for each in message.attachments]
    found = [(each, evidence) for each, evidence in seen if evidence is not None]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "The picture %(file)s is a program: it runs a script when it is"
                " opened.",
                file=repr(found[0][0].name),
            ),
            tuple(evidence for _, evidence in found[:MOST_EVIDENCE]),
        )


def _script(message: Message, attachment: Attachment) -> Evidence | None:
    ending = attachment.name.rpartition(".")[2].lower()
    if ending != "svg" and "svg" not in attachment.declared:
        return None
    content = attachment.content[:MOST_CONTENT]
    script = _SCRIPT.search(content) if _DRAWN.search(content) else None
    if script is None:
        return None
    place = in_content(attachment, *script.span())
    return sighting(message, place, script[0].decode("ascii").strip(), "no script")
