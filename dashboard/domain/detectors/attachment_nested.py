"""A mail inside the mail, where checks do not reach."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Place, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_name, in_type
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-nested-message"
_REPORTS = frozenset({"multipart/report", "multipart/digest"})


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report attached mails, except the returned one of a delivery report."""
    found = places(message)
    if found:
        yield Finding(
            RULE,
            Sentence("Another mail is attached to this one."),
            tuple(
                sighting(message, place, "a mail", "a document")
                for place in found[:MOST_EVIDENCE]
            ),
        )


def places(message: Message) -> tuple[Place, ...]:
    """Where mails are attached that no mail server returned."""
    kind = message.first("Content-Type")
    if kind and kind.value.partition(";")[0].strip().lower() in _REPORTS:
        return ()
    return tuple(
        in_name(each) if each.name else in_type(each)
        for each in message.attachments
        if _is_message(each)
    )


def _is_message(attachment: Attachment) -> bool:
    return attachment.declared == "message/rfc822" or attachment.name.lower().endswith(
        (".eml", ".msg")
    )
