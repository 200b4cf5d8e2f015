"""An Office document that brings a program along."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.macros import macro_storage
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_content, in_name
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-macro"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report documents with a place for programs, or a name that announces one."""
    seen = [_macro(message, each) for each in message.attachments]
    found = tuple(evidence for evidence in seen if evidence is not None)
    if found:
        yield Finding(
            RULE,
            Sentence(
                "A document carries a program (macros) that can run when it is opened."
            ),
            found[:MOST_EVIDENCE],
        )


def _macro(message: Message, attachment: Attachment) -> Evidence | None:
    storage = macro_storage(attachment.content)
    if storage is not None:
        name, start, end = storage
        place = in_content(attachment, start, end)
        return sighting(message, place, f"{attachment.name}: {name}", "no macros")
    ending = attachment.name.rpartition(".")[2].lower()
    if ending in table("files")["macro-documents"]:
        return sighting(message, in_name(attachment), ending, ending[:-1] + "x")
    return None
