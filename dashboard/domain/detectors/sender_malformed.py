"""A From line built so that programs and people read different senders."""

import re
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address, of_header, of_name

RULE = "sender-malformed"
_CONFUSING = re.compile(r"[\s<>\"',]")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a missing, double, unusable or misleading sender address."""
    told = _fault(message)
    if told is not None:
        summary, evidence = told
        line = evidence or of_header(message, "From", expected="one address")
        yield Finding(RULE, summary, line)


def _fault(message: Message) -> tuple[Sentence, tuple[Evidence, ...]] | None:
    """What is wrong, and what shows it where that is not the whole From line."""
    sender = message.sender
    if not message.count("From"):
        return Sentence("The mail names no sender at all."), ()
    if len(message.senders) > 1 and not message.count("Sender"):
        others = tuple(of_address(message, each) for each in message.senders[:3])
        return Sentence("The mail names several senders at once."), others
    if not sender.mailbox and _is_report(message):
        return None
    if "@" not in sender.mailbox or "." not in sender.domain:
        return Sentence("The sender's address is no address anyone can answer to."), ()
    if _CONFUSING.search(sender.domain):
        return Sentence("The sender's address is written to confuse."), ()
    if "<" in sender.name and "@" in sender.name:
        return (
            Sentence("A second address is hidden in the sender's name."),
            (of_name(message, sender, expected="a name"),),
        )
    return None


def _is_report(message: Message) -> bool:
    """Whether a mail server reports: it names no address to answer to."""
    written = message.all("From")[0].value.lower()
    return "mailer-daemon" in written or "mail delivery" in written
