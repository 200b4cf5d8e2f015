"""A file whose content is not what its name says."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_name
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-type-mismatch"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report documents and pictures by name that are something else by content."""
    found = [each for each in message.attachments if _lies(each)]
    if found:
        yield Finding(
            RULE,
            Sentence(
                "The file %(file)s is not what its name says: its content is"
                " %(content)s.",
                file=repr(found[0].name),
                content=found[0].detected,
            ),
            tuple(
                sighting(message, in_name(each), each.detected, _ending(each))
                for each in found[:MOST_EVIDENCE]
            ),
        )


def _lies(attachment: Attachment) -> bool:
    files, ending = table("files"), _ending(attachment)
    if not ending or ending not in files["documents"]:
        return False
    if attachment.detected in files["executable-types"]:
        return attachment.detected != "text/x-script"
    honest = files["honest"].get(attachment.detected)
    return honest is not None and ending not in honest


def _ending(attachment: Attachment) -> str:
    stem, _, ending = attachment.name.lower().rpartition(".")
    return ending if stem else ""
