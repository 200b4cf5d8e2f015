"""A name that is itself an address, so that the real one is overlooked."""

import re
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation, public_suffix
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address, of_name

RULE = "display-name-address"
_ADDRESS = re.compile(r"[\w.+&'-]{1,64}@[\w.-]{1,255}")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sender's name that shows an address of another organisation."""
    shown = _address_in(message.sender.name)
    domain = shown.rpartition("@")[2]
    if not shown or not message.sender.domain:
        return
    if organisation(domain) != organisation(message.sender.domain):
        yield Finding(
            RULE,
            Sentence(
                "The sender's name reads %(shown)s, but the mail comes from"
                " %(sender)s.",
                shown=shown,
                sender=message.sender.mailbox,
            ),
            (
                of_name(message, message.sender, shown, message.sender.mailbox),
                of_address(message, message.sender, expected=domain),
            ),
        )


def _address_in(name: str) -> str:
    """The first word of a name that reads as an address."""
    for found in _ADDRESS.finditer(name[:400]):
        bare = found[0].lower().rstrip(".")
        domain = bare.rpartition("@")[2]
        if "." in domain and public_suffix(domain) != domain:
            return bare
    return ""
