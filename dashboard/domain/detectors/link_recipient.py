"""A link made out to one reader, so that the trap knows who walked in."""

import base64
import re
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Link, Message
from dashboard.domain.orders import names_way_off
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)

RULE = "link-recipient-address"
MOST_READERS = 10
_TOLD = Sentence("A link to %(host)s carries the address %(address)s.")
_BEFORE = r"(?:^|[^a-z0-9._+-]|%[0-9a-f]{2})"  # what no mailbox holds, or its code


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report foreign links that carry the reader's own address."""
    readers = [each.mailbox.lower() for each in message.to[:MOST_READERS]]
    traces = {form: reader for reader in readers for form in _forms(reader)}
    targets = "\n".join([link.target for link, _ in web_links(message)]).lower()
    if not any(form in targets for form in traces):
        return
    speakers = homes(message, (*context.own_domains, *_answerers(message)))
    found = [
        (link, url, reader)
        for link, url in web_links(message)
        if (reader := _reader_in(link.target, traces))
        and organisation(url.host) not in speakers
        and organisation(url.host) != organisation(reader.rpartition("@")[2])
        and not is_listed(url.host, "bulk-senders")
        and not _leaves_list(link)
    ]
    if found:
        yield Finding(
            RULE,
            _TOLD.filled(host=found[0][1].host, address=found[0][2]),
            tuple(
                sighting(message, link.place, reader, "no address")
                for link, _, reader in found[:MOST_EVIDENCE]
            ),
        )


def _answerers(message: Message) -> tuple[str, ...]:
    return tuple(address.domain for address in message.reply_to)


def _leaves_list(link: Link) -> bool:
    """Whether a link unsubscribes: it must know whom."""
    return names_way_off(link.text) or names_way_off(link.target)


def _forms(mailbox: str) -> tuple[str, ...]:
    """An address plain, percent-encoded, and in the stable middle of its base64."""
    if "@" not in mailbox or len(mailbox) < 8:
        return ()
    coded = base64.b64encode(mailbox.encode()).decode().rstrip("=")[:-1]
    return (mailbox, mailbox.replace("@", "%40"), coded.lower())


def _reader_in(target: str, traces: dict[str, str]) -> str:
    lowered = target.lower()
    return next((who for form, who in traces.items() if _stands(form, lowered)), "")


def _stands(form: str, target: str) -> bool:
    """Whether an address stands in a URL, and not only as the end of a longer one."""
    if form not in target or not ("@" in form or "%40" in form):
        return form in target
    return re.search(_BEFORE + re.escape(form), target) is not None
