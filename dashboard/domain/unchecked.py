"""What could not be checked in a message, and why; shown, never to its credit."""

from collections.abc import Iterator, Sequence

import re2

from dashboard.domain import outlook, pdf_links
from dashboard.domain.archives import locked, members
from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.findings import NotChecked, Sentence
from dashboard.domain.message import Attachment, LinkKind, Message, Part
from dashboard.domain.parsing import page_text
from dashboard.domain.rulesets import table
from dashboard.domain.scanning import untried
from dashboard.domain.sightings import web_links
from dashboard.domain.verification import SENDING, unverified

_SEALED = frozenset(
    {
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pgp-encrypted",
    }
)
_PDF = "application/pdf"
_OUTLOOK = "application/vnd.ms-tnef"
_UNPACKED_NOWHERE = frozenset(
    {
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
        "application/zstd",
        "application/vnd.ms-cab-compressed",
        "application/x-tar",
        "application/x-vhd",
        "application/x-vhdx",
    }
)
_REBUILT = (
    (
        outlook.NO_HEADERS,
        Sentence("Outlook saved the mail without the headers it had on its way here."),
    ),
    (
        outlook.RICH_TEXT,
        Sentence("The text is kept in a form of Outlook's that is not read."),
    ),
    (
        outlook.ITEMS,
        Sentence("What is attached in a form of Outlook's own was not read."),
    ),
)
# What is said of nearly every mail, made once.
_FORWARDED = NotChecked(
    "authentication",
    Sentence("A forwarder changed the mail, so the sender's own signature broke."),
)
_PASSED_ON = NotChecked(
    "authentication",
    Sentence("A forwarder of yours passed the mail on, and no signature proves whose."),
)
_UNREPORTED = NotChecked(
    "authentication",
    Sentence("No receiving server that can be believed reported SPF, DKIM or DMARC."),
)
_UNSAID = {
    State.FORWARDED: _FORWARDED,
    State.PASSED_ON: _PASSED_ON,
    State.ABSENT: _UNREPORTED,
}
_TARGETS = NotChecked(
    "link-targets", Sentence("No link was opened; only addresses were read.")
)
_INDICATORS = NotChecked(
    "known-indicators", Sentence("Known indicators were not looked up.")
)
_HISTORY = NotChecked(
    "sender-history", Sentence("Earlier mail of this sender was not looked at.")
)
_PICTURES = NotChecked("image-text", Sentence("Text inside pictures was not read."))
_DOCUMENT = NotChecked(
    "document-text",
    Sentence(
        "The text of an attached document was not read, only its links and codes."
    ),
)
_SEALED_DOCUMENT = NotChecked(
    "document-text",
    Sentence("An attached document is encrypted; its text and links were not read."),
)
_FRAMED = re2.compile(r"(?i)srcdoc\s*=")


def unchecked(message: Message, context: Context) -> Iterator[NotChecked]:
    """Name every check that was not made; some forbid a clean verdict.

    The written rule is in `docs/verdicts.md`: a check blocks the verdict when
    nothing of what the reader is shown could be read.
    """
    yield from _content(message)
    judgement = judge(message, context)
    if judgement.state in _UNSAID:
        yield _UNSAID[judgement.state]
    if web_links(message):
        yield _TARGETS
    yield from _attachments(message)
    yield from _framed(message)
    yield from _rebuilt(message)
    yield from unverified(context.verified)
    if judgement.is_ours:
        yield SENDING
    yield from untried(context.scanned)
    if context.indicators is None:
        yield _INDICATORS
    if context.history is None:
        yield _HISTORY


def _content(message: Message) -> Iterator[NotChecked]:
    if any(part.media_type in _SEALED for part in message.parts):
        yield NotChecked(
            "encrypted-content",
            Sentence("The mail is encrypted; its text could not be read."),
        )
    elif _is_empty(message):
        yield NotChecked(
            "message",
            Sentence("There is nothing in it that could be read."),
            blocks_verdict=True,
        )
    if _shows_pictures(message):
        yield _PICTURES


def _rebuilt(message: Message) -> Iterator[NotChecked]:
    """What a mail saved by Outlook had lost before it came to us."""
    header = message.first(outlook.HEADER)
    if header is None:
        return
    lost = header.value.partition("lost=")[2].split(",")
    is_bare = _is_bare(message)
    for name, reason in _REBUILT:
        if name in lost:
            is_blind = is_bare and name != outlook.NO_HEADERS
            yield NotChecked(name, reason, blocks_verdict=is_blind)


def _is_empty(message: Message) -> bool:
    """Whether nothing was found of what a mail shows its reader."""
    if not message.headers:
        return True
    if message.subject.strip() or message.attachments or message.links:
        return False
    return not message.visible_text.strip()


def _shows_pictures(message: Message) -> bool:
    image = LinkKind.IMAGE  # to name it at every link takes time
    return any(link.kind is image for link in message.links) or any(
        part.media_type.startswith("image/") for part in message.parts
    )


def _attachments(message: Message) -> Iterator[NotChecked]:
    files = message.attachments
    if not files:
        return
    if locked(message):
        yield NotChecked(
            "attachment-content", Sentence("A locked archive could not be looked into.")
        )
    if any(_is_closed(each) for each in files):
        yield NotChecked(
            "archive-content",
            Sentence("An archive of a kind that is not unpacked was left shut."),
        )
    yield from _documents(files)
    if any(each.detected == _OUTLOOK for each in files):
        yield NotChecked(
            "outlook-container",
            Sentence("A container of Outlook (winmail.dat) was not opened."),
            blocks_verdict=_is_bare(message),
        )


def _framed(message: Message) -> Iterator[NotChecked]:
    if any(_is_framing(page_text(part)) for part in _pages(message)):
        yield NotChecked(
            "framed-page",
            Sentence("A page within the page (srcdoc) was not read."),
            blocks_verdict=_is_bare(message),
        )


def _documents(files: Sequence[Attachment]) -> Iterator[NotChecked]:
    """What was not read of attached documents."""
    documents = [each for each in files if each.detected == _PDF]
    if any(pdf_links.is_sealed(each.content) for each in documents):
        yield _SEALED_DOCUMENT
    elif documents:
        yield _DOCUMENT


def _is_framing(markup: str) -> bool:
    """Whether an element brings a page of its own; hardly any does."""
    # Of letters beyond ASCII none becomes one of these; bytes are lowered sooner.
    written = markup.encode("utf-8", "surrogatepass").lower()
    return b"srcdoc" in written and bool(_FRAMED.search(markup))


def _is_bare(message: Message) -> bool:
    """Whether a mail shows nothing else: then what it shows was not read at all."""
    return not message.visible_text.strip()


def _is_closed(attachment: Attachment) -> bool:
    """Whether a file holds others that are not looked at."""
    if attachment.detected in _UNPACKED_NOWHERE:
        return True
    if attachment.detected != "application/zip":
        return False
    shut = (*table("files")["archives"], *table("files")["disk-images"])
    names = (member.name for member in members(attachment.content))
    return any(name.rpartition(".")[2].lower() in shut for name in names)


def _pages(message: Message) -> Iterator[Part]:
    pages = {page.part for page in message.html}
    return (part for part in message.parts if part.path in pages)
