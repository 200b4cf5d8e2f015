"""A file name that looks like a document and is something else."""

from collections.abc import Iterator
from functools import cache

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Attachment, Message
from dashboard.domain.places import in_name
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import sighting

DOUBLE_RULE = "attachment-double-extension"
REVERSED_RULE = "attachment-rtl-name"
_REVERSING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f"
_GAP = "     "


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the first name with a second ending and the first one that turns."""
    for attachment in message.attachments:
        if shown := _disguise(attachment):
            yield Finding(
                DOUBLE_RULE,
                Sentence(
                    "The file %(file)s looks like .%(shown)s but is .%(ending)s.",
                    file=repr(attachment.name),
                    shown=shown,
                    ending=attachment.name.rpartition(".")[2].strip(),
                ),
                (sighting(message, in_name(attachment), attachment.name, shown),),
            )
            break
    for attachment in message.attachments:
        turns = [char for char in attachment.name if char in _REVERSING]
        if turns:
            yield Finding(
                REVERSED_RULE,
                Sentence(
                    "A file name is partly written backwards to hide its real ending."
                ),
                (sighting(message, in_name(attachment), ascii(attachment.name)),),
            )
            break


@cache
def _dangerous() -> frozenset[str]:
    files = table("files")
    return frozenset({*files["executable"], *files["disk-images"], *files["pages"]})


def _disguise(attachment: Attachment) -> str:
    """The harmless ending in front of a dangerous one, if there is one."""
    files = table("files")
    stem, _, ending = attachment.name.lower().rpartition(".")
    shown = stem.rstrip().rpartition(".")[2]
    if ending.strip() not in _dangerous() or "." not in stem:
        return ""
    # "page.html.html" and "photo.svg" disguise nothing.
    is_hidden = shown in files["documents"] and shown != ending.strip()
    return shown if is_hidden or (_GAP in stem and shown) else ""
