"""A mail without the number every mail program gives, or with a stranger's."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import homes, is_freemail, is_listed, of_header

MISSING_RULE = "header-missing-message-id"
MISMATCH_RULE = "header-message-id-mismatch"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a missing Message-ID, or one of a free mail service it did not use."""
    if not message.count("Message-ID") or not message.message_id:
        yield Finding(
            MISSING_RULE,
            Sentence(
                "The mail lacks the number that honest mail programs give each mail."
            ),
            of_header(message, "Message-ID", "none", "a Message-ID"),
        )
        return
    maker = message.message_id.rpartition("@")[2].lower()
    home = homes(message, context.own_domains)
    if organisation(maker) in home or is_listed(maker, "bulk-senders"):
        return
    if is_listed(maker, "shared-makers"):
        return
    # Honest companies let a free mail service carry their domain; their mail passes.
    is_doubtful = judge(message, context).state in {State.FAIL, State.UNALIGNED}
    is_foreign = is_freemail(maker) and not is_freemail(message.sender.domain)
    if is_doubtful and is_foreign:
        yield Finding(
            MISMATCH_RULE,
            Sentence(
                "The mail was made at %(maker)s, not at %(sender)s.",
                maker=maker,
                sender=message.sender.domain,
            ),
            of_header(message, "Message-ID", maker, message.sender.domain),
        )
