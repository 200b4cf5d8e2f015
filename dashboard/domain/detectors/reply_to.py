"""Replies that would go to somebody other than the sender shown."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Address, Message
from dashboard.domain.sightings import homes, is_freemail, of_address

MISMATCH_RULE = "reply-to-mismatch"
FREEMAIL_RULE = "reply-to-freemail"
_ELSEWHERE = Sentence(
    "An answer would go to %(address)s, not to the sender %(sender)s."
)
_PRIVATE = Sentence(
    "An answer would go to %(address)s, a private mailbox at a free mail service,"
    " not to the sender %(sender)s."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the first Reply-To address outside the sender's organisation."""
    for address in message.reply_to:
        if message.sender.domain and _leads_away(message, address, context):
            yield _finding(message, address, MISMATCH_RULE, _ELSEWHERE)
            if is_freemail(address.domain) and not is_freemail(message.sender.domain):
                yield _finding(message, address, FREEMAIL_RULE, _PRIVATE)
            return


def _finding(message: Message, address: Address, rule: str, told: Sentence) -> Finding:
    return Finding(
        rule,
        told.filled(address=address.mailbox, sender=message.sender.mailbox),
        (
            of_address(message, address, expected=message.sender.domain),
            of_address(message, message.sender),
        ),
    )


def _leads_away(message: Message, address: Address, context: Context) -> bool:
    if not address.domain:
        return False
    if address.mailbox.lower() == message.sender.mailbox.lower():
        return False
    if _reaches_readers(message, address):
        return False
    if _is_list(message):
        return False
    if is_freemail(message.sender.domain):
        return True
    return organisation(address.domain) not in homes(message, context.own_domains)


def _reaches_readers(message: Message, address: Address) -> bool:
    """Whether an answer stays among those written to: a list, a colleague."""
    if address.mailbox.lower() in {to.mailbox.lower() for to in message.to}:
        return True
    houses = {organisation(to.domain) for to in message.to}
    return organisation(address.domain) in houses and not is_freemail(address.domain)


def _is_list(message: Message) -> bool:
    """Whether a mailing list put its own address in the author's place."""
    if message.first("List-Id") is None or message.first("List-Post") is None:
        return False
    readers = {to.mailbox.lower() for to in message.to}
    return message.sender.mailbox.lower() in readers or " via " in message.sender.name
