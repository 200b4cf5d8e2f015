"""A program sent as a file, bare, in an archive or on a disc image."""

from collections.abc import Iterator

from dashboard.domain import discs
from dashboard.domain.archives import members
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_content, in_name
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-executable"
IMAGE_RULE = "attachment-disk-image"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report files that run when opened, and disk images that hold such files."""
    files = table("files")
    seen = [_program(message, each) for each in message.attachments]
    programs = tuple(evidence for evidence in seen if evidence is not None)
    if programs:
        name = repr(programs[0].observed)
        told = Sentence(
            "The file %(file)s is a program: opening it runs it.", file=name
        )
        yield Finding(RULE, told, programs[:MOST_EVIDENCE])
    images = [a for a in message.attachments if _ending(a.name) in files["disk-images"]]
    if images:
        yield Finding(
            IMAGE_RULE,
            Sentence(
                "The file %(file)s is a kind of container that hides its"
                " content from filters.",
                file=repr(images[0].name),
            ),
            tuple(
                sighting(message, in_name(each), _ending(each.name), "a document")
                for each in images[:MOST_EVIDENCE]
            ),
        )


def _program(message: Message, attachment: Attachment) -> Evidence | None:
    files = table("files")
    if _ending(attachment.name) in files["executable"]:
        return sighting(message, in_name(attachment), attachment.name, "a document")
    if attachment.detected in files["executable-types"] and _is_binary(attachment):
        place = in_content(attachment)
        return sighting(message, place, attachment.name, "a document")
    return next(
        (
            sighting(message, in_content(attachment, start, end), name, "documents")
            for name, start, end in _inside(attachment)
            if _ending(name) in files["executable"]
        ),
        None,
    )


def _inside(attachment: Attachment) -> Iterator[tuple[str, int, int]]:
    """The files an archive or disc image holds, and where each is named."""
    if attachment.detected == "application/zip":
        for member in members(attachment.content):
            end = min(member.start + len(member.name.encode()), attachment.size)
            yield member.name, member.start, end
    elif attachment.detected == "application/x-iso9660-image":
        for file in discs.files(attachment.content):
            yield file.name, file.start, min(file.end, attachment.size)


def _is_binary(attachment: Attachment) -> bool:
    # Source code sent among colleagues is text; it runs only under a fitting name.
    return attachment.detected != "text/x-script"


def _ending(name: str) -> str:
    return name.strip().rstrip(".").rpartition(".")[2].lower()
