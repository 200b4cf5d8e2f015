"""Verifying a message by DNS: whose keys to ask for, and what they prove."""

from datetime import datetime

from dashboard.domain import dmarc, lookups, outlook, seals, signatures
from dashboard.domain.message import Message
from dashboard.domain.signatures import Answers, Signed
from dashboard.domain.verification import Outcome, Signature, Verified
from dashboard.services.dns import Resolver


def verify(message: Message, resolver: Resolver, *, at: datetime) -> Verified:
    """Verify signatures, seals and policy of a message as of the time it came in.

    A server that does not answer makes an outcome, never an error.
    """
    if message.first(outlook.HEADER):
        return Verified(is_rebuilt=True)
    signed = signatures.signed(message)
    chain = seals.links(message)
    flawless = (each for each in signed if not signatures.fault(message, each, at))
    names = _names(message, (*flawless, *seals.wanted(chain or ())))
    policies = lookups.policy_names(message)
    asked = (*policies, *(name for name in names.values() if name))
    answers: Answers = resolver.texts(asked)
    return Verified(
        tuple(
            Signature(
                each.domain,
                each.selector,
                _outcome(message, each, names, answers, at),
                each.field.number,
            )
            for each in signed
        ),
        dmarc.policy(message, answers),
        seals.outcome(message, chain, names, answers, at),
        is_cut=len(message.all("DKIM-Signature")) > len(signed),
    )


def _names(message: Message, needed: tuple[Signed, ...]) -> dict[tuple[str, str], str]:
    """Under which name each key lies; "" when it is not to be asked for."""
    return {
        (each.domain, each.selector): lookups.key_name(
            message, each.selector, each.domain
        )
        for each in needed
    }


def _outcome(
    message: Message,
    each: Signed,
    names: dict[tuple[str, str], str],
    answers: Answers,
    at: datetime,
) -> Outcome:
    if fault := signatures.fault(message, each, at):
        return fault
    name = names[each.domain, each.selector]
    if not name:
        return Outcome.UNASKED
    return signatures.outcome(message, each, answers.get(name), at)
