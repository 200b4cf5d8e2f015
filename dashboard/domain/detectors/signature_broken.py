"""A mail changed on its way, or never signed, in the name of a domain that signs."""

from collections.abc import Iterator

from dashboard.domain.authentication import (
    State,
    is_passed_on,
    is_sealed,
    judge,
)
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_header
from dashboard.domain.sightings import sighting
from dashboard.domain.verification import Action, Outcome, is_aligned

RULE = "signature-broken"
_UNTOLD = frozenset({State.ABSENT, State.NONE, State.UNALIGNED})


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a signature of the sender's domain that its key in DNS did not make.

    Lists and banners break signatures too, so it counts where the domain asks that
    such mail be refused, and where no server that can be believed told otherwise.
    """
    verified = context.verified
    if verified is None or verified.policy is None:
        return
    if verified.policy.action is Action.NONE:
        return
    if judge(message, context).state not in _UNTOLD:
        return
    if is_passed_on(message, context) or is_sealed(message, context):
        return
    broken = [
        each
        for each in verified.signatures
        if each.outcome is Outcome.BROKEN and is_aligned(each, message, verified.policy)
    ]
    if broken:
        header = message.all("DKIM-Signature")[broken[0].index]
        yield Finding(
            RULE,
            Sentence(
                "The signature of %(domain)s does not fit the mail, and that domain"
                " asks that such mail be refused.",
                domain=broken[0].domain,
            ),
            (sighting(message, in_header(header), f"d={broken[0].domain}"),),
        )
