"""A document sent with hardly a word: what it has to say stands where none reads."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_name
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    organisations,
    sighting,
    web_links,
)
from dashboard.domain.surroundings import is_answer, is_report

RULE = "file-alone"
LEAST_TEXT = 120  # visible characters of a mail that says what it brings
_DOCUMENTS = (
    *(".pdf", ".doc", ".docx", ".docm", ".rtf", ".odt", ".xls", ".xlsx", ".xlsm"),
    *(".ppt", ".pptx", ".htm", ".html", ".xhtml", ".shtml", ".svg", ".one", ".zip"),
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report documents of first mails that say next to nothing and link nowhere."""
    files = [each for each in message.attachments if _is_document(each)]
    if not files:
        return
    if len(" ".join(message.visible_text.split())) >= LEAST_TEXT:
        return
    if web_links(message) or is_answer(message) or is_report(message):
        return
    if _is_ours(message, context):
        return
    yield Finding(
        RULE,
        Sentence(
            "The mail brings %(file)s and says next to nothing.",
            file=repr(files[0].name),
        ),
        tuple(sighting(message, in_name(each)) for each in files[:MOST_EVIDENCE]),
    )


def _is_ours(message: Message, context: Context) -> bool:
    """Whether our own house wrote, a scanner say, and no server found otherwise."""
    if organisation(message.sender.domain) not in organisations(context.own_domains):
        return False
    return judge(message, context).state not in (State.FAIL, State.UNALIGNED)


def _is_document(attachment: Attachment) -> bool:
    return attachment.name.lower().rstrip().endswith(_DOCUMENTS)
