"""Against deceit: mail of our own organisation that was checked on arrival."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_address

RULE = "own-domain-authenticated"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sender in our own domains whom the receiving server confirmed."""
    own = {organisation(domain) for domain in context.own_domains}
    if organisation(message.sender.domain) not in own:
        return
    if judge(message, context).state is State.PASS:
        yield Finding(
            RULE,
            Sentence(
                "The mail comes from your own domain %(sender)s, as the"
                " receiving server confirmed.",
                sender=message.sender.domain,
            ),
            (of_address(message, message.sender),),
            Polarity.AGAINST,
        )
