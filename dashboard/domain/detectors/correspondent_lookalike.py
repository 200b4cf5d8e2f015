"""A domain made to be taken for a correspondent's, the sender's or the reader's own."""

from collections.abc import Iterator

from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.correspondents import is_ours, passes_for
from dashboard.domain.domains import brand_label, is_same_organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import address_hosts, is_freemail, sighting

RULE = "correspondent-lookalike"
MOST_READERS = 5
_KNOWN = Sentence(
    "The domain %(host)s could be taken for %(original)s, with whom the organisation"
    " exchanges mail."
)
_SHOWN = Sentence(
    "Answers go to %(host)s, which could be taken for %(original)s, the sender's."
)
_OWN = Sentence(
    "The domain %(host)s could be taken for %(original)s, where the reader is at home."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report sender and reply domains that resemble one the reader trusts.

    Of the reader's own name one ending may be told from another: most firms have both.
    """
    readers = _readers(message, context)
    for host, place in address_hosts(message):
        if not _is_stranger(host, message, context):
            continue
        known = context.history.correspondents if context.history else ()
        near = [(_KNOWN, name) for name in known if passes_for(host, name)]
        if passes_for(host, message.sender.domain):
            near.append((_SHOWN, message.sender.domain))
        near += [(_OWN, name) for name in readers if _is_double(host, name)]
        for told, name in near[:1]:
            yield Finding(
                RULE,
                told.filled(host=host, original=name),
                (sighting(message, place, host, name),),
            )
            return


def _is_stranger(host: str, message: Message, context: Context) -> bool:
    """Whether a domain is neither anybody's nor of somebody who is trusted."""
    if is_freemail(host) or is_ours(host, context) or owner_of(host) is not None:
        return False
    is_trusted = context.history is not None and context.history.is_domain_trusted
    return not (is_trusted and is_same_organisation(host, message.sender.domain))


def _is_double(host: str, own: str) -> bool:
    return brand_label(host) != brand_label(own) and passes_for(host, own)


def _readers(message: Message, context: Context) -> tuple[str, ...]:
    """The domains the mail was sent to, but for hosts of free mailboxes."""
    sent = (to.domain for to in message.to[:MOST_READERS])
    told = dict.fromkeys((*context.own_domains, *sent))
    return tuple(name for name in told if name and not is_freemail(name))
