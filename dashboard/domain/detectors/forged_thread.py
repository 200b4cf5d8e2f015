"""A first mail dressed as an answer or a forward, to borrow trust."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import of_header

RULE = "thread-forged"
LONGEST_MARK = 10


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a subject that marks an answer in a mail that answers nothing."""
    mark = _mark(message.subject)
    if not mark or any(
        message.count(name) for name in ("In-Reply-To", "References", "Thread-Index")
    ):
        return
    # Every program refers to what it answers; not every one to what it forwards.
    is_forward = mark.lower() in table("words")["forward-marks"]
    if not (is_forward and _quotes(message)):
        yield Finding(
            RULE,
            Sentence(
                "The subject starts with “%(mark)s:” but the mail answers no"
                " other one.",
                mark=mark,
            ),
            of_header(message, "Subject", f"{mark}:", "a reference to the first mail"),
        )


def _mark(subject: str) -> str:
    head, colon, _ = subject.strip().partition(":")
    if not colon or len(head) > LONGEST_MARK:
        return ""
    bare = head.strip().partition("[")[0].lower()
    words = table("words")
    known = bare in words["reply-marks"] or bare in words["forward-marks"]
    return head.strip() if known else ""


def _quotes(message: Message) -> bool:
    """Whether the text holds an earlier mail, as answers of old programs do."""
    lines = message.visible_text[:20_000].splitlines()
    quoted = sum(line.lstrip().startswith((">", "|")) for line in lines)
    text = "\n".join(lines).lower()
    headed = ("from:" in text and "subject:" in text) or "original message" in text
    return quoted >= 2 or headed or bool(message.nested) or "wrote:" in text
