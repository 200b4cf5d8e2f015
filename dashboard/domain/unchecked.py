"""What could not be checked in a message, and why; shown, never to its credit."""

from collections.abc import Iterator

from dashboard.domain.archives import is_locked
from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.findings import NotChecked
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import web_links

_SEALED = frozenset(
    {
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pgp-encrypted",
    }
)


def unchecked(message: Message, context: Context) -> Iterator[NotChecked]:
    """Name every check that was not made; some forbid a clean verdict.

    The written rule is in `docs/verdicts.md`: a check blocks the verdict when
    nothing of what the reader is shown could be read.
    """
    yield from _content(message)
    state = judge(message, context).state
    if state is State.FORWARDED:
        yield NotChecked(
            "authentication",
            "A forwarder changed the mail, so the sender's own signature broke.",
        )
    if state is State.ABSENT:
        yield NotChecked(
            "authentication",
            "No receiving server that can be believed reported SPF, DKIM or DMARC.",
        )
    if any(True for _ in web_links(message)):
        yield NotChecked(
            "link-targets", "No link was opened; only addresses were read."
        )
    yield from _attachments(message)
    yield NotChecked("sender-history", "Earlier mail of this sender was not looked at.")


def _content(message: Message) -> Iterator[NotChecked]:
    if any(part.media_type in _SEALED for part in message.parts):
        yield NotChecked(
            "encrypted-content", "The mail is encrypted; its text could not be read."
        )
    elif _is_empty(message):
        yield NotChecked(
            "message", "There is nothing in it that could be read.", blocks_verdict=True
        )
    if _shows_pictures(message):
        yield NotChecked("image-text", "Text inside pictures was not read.")


def _is_empty(message: Message) -> bool:
    """Whether nothing was found of what a mail shows its reader."""
    shown = message.visible_text.strip() or message.subject.strip()
    carried = message.attachments or message.links
    return not message.headers or not (shown or carried)


def _shows_pictures(message: Message) -> bool:
    return any(link.kind is LinkKind.IMAGE for link in message.links) or any(
        part.media_type.startswith("image/") for part in message.parts
    )


def _attachments(message: Message) -> Iterator[NotChecked]:
    if any(is_locked(each.content) for each in message.attachments):
        yield NotChecked(
            "attachment-content", "A locked archive could not be looked into."
        )
