"""A domain made to be taken for a correspondent's, the sender's or the reader's own."""

from collections.abc import Iterator
from functools import lru_cache

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
    readers = *context.own_domains, *(to.domain for to in message.to[:MOST_READERS])
    known = context.history.correspondents if context.history else ()
    for host, place in address_hosts(message):
        for told, name in (
            (_KNOWN, _taken_for(host, known)),
            (_SHOWN, _taken_for(host, (message.sender.domain,))),
            (_OWN, _double(host, readers)),
        ):
            if name and _is_stranger(host, message, context):
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


@lru_cache(maxsize=4096)
def _taken_for(host: str, domains: tuple[str, ...]) -> str:
    """Which of these a host could be taken for; "" for none."""
    return next((name for name in domains if passes_for(host, name)), "")


@lru_cache(maxsize=4096)
def _double(host: str, readers: tuple[str, ...]) -> str:
    """Which of the readers' own names a host passes for; no free mailbox is one."""
    label = brand_label(host)
    strange = (name for name in readers if name and brand_label(name) != label)
    return _taken_for(host, tuple(name for name in strange if not is_freemail(name)))
