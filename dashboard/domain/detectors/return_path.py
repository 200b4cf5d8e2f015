"""Bounces that go to a stranger: the envelope names another sender."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import homes, is_listed, of_address

RULE = "return-path-mismatch"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report an envelope sender unrelated to the address a reader sees."""
    envelope = message.return_path
    if not envelope.domain or not message.sender.domain:
        return
    home = organisation(envelope.domain)
    is_forwarded = envelope.local.upper().startswith(("SRS0", "SRS1", "PRVS"))
    if is_forwarded or home in homes(message, context.own_domains):
        return
    if any(organisation(to.domain) == home for to in message.to):
        return  # it came over a list
    if not is_listed(envelope.domain, "bulk-senders"):
        yield Finding(
            RULE,
            Sentence(
                "The mail was handed in by %(envelope)s but shows %(sender)s as"
                " its sender.",
                envelope=envelope.domain,
                sender=message.sender.domain,
            ),
            (
                of_address(message, envelope, expected=message.sender.domain),
                of_address(message, message.sender),
            ),
        )
