"""Against deceit: mail of our own organisation that was checked on arrival."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address

RULE = "own-domain-authenticated"
_CONFIRMED = Sentence(
    "The mail comes from your own domain %(sender)s, as the receiving server confirmed."
)
_VERIFIED = Sentence(
    "The mail comes from your own domain %(sender)s, as its signature proves."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sender in our own domains whom the receiving server confirmed."""
    own = {organisation(domain) for domain in context.own_domains}
    if organisation(message.sender.domain) not in own:
        return
    judgement = judge(message, context)
    if judgement.state is State.PASS:
        told = _VERIFIED if judgement.is_ours else _CONFIRMED
        yield Finding(
            RULE,
            told.filled(sender=message.sender.domain),
            (of_address(message, message.sender),),
            Polarity.AGAINST,
        )
