"""What our own look at DNS found out about a message, and what it could not."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from dashboard.domain.domains import ascii_host, is_same_organisation
from dashboard.domain.findings import NotChecked, Sentence
from dashboard.domain.message import Message


class Outcome(StrEnum):
    """What became of one signature, or of the seals of a chain."""

    PASS = "pass"  # noqa: S105 - the RFC's word for a result
    BROKEN = "broken"  # the key is there, and it did not sign this
    PARTIAL = "partial"  # it covers the beginning of the body alone
    UNCOVERED = "uncovered"  # it leaves out a header that the reader sees
    EXPIRED = "expired"
    WEAK = "weak"  # a key or a hash that can be forged
    NO_KEY = "no-key"  # nothing, or nothing readable, where its key should be
    TESTING = "testing"  # its owner asks that nobody relies on it
    MALFORMED = "malformed"
    UNASKED = "unasked"  # the name of its key was not one to be asked for
    UNANSWERED = "unanswered"  # DNS gave no answer in time, or none of use


class Action(StrEnum):
    """What a domain asks to be done with mail that fails DMARC."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Signature(NamedTuple):
    """One DKIM signature and what became of it."""

    domain: str
    selector: str
    outcome: Outcome
    # Among the headers of that name, from 0; hides a method of tuples.
    index: int = 0  # type: ignore[assignment]


class Policy(NamedTuple):
    """What the domain of the visible sender published for DMARC."""

    domain: str  # where it was found; "" when there is none
    action: Action
    is_strict: bool  # whether DKIM must be of the very domain
    outcome: Outcome = Outcome.PASS


class Chain(NamedTuple):
    """The ARC seals of those who passed the message on, the first one first."""

    sealers: tuple[str, ...]
    outcome: Outcome


class Verified(NamedTuple):
    """What was found by DNS; it is kept with the receipt."""

    signatures: tuple[Signature, ...] = ()
    policy: Policy | None = None
    chain: Chain | None = None
    is_rebuilt: bool = False  # by Outlook, so that no signature could hold
    is_cut: bool = False  # there were more signatures than are looked at


_OFF = NotChecked(
    "dns",
    Sentence("No signature (DKIM), seal (ARC) or policy (DMARC) was verified by DNS."),
)
SENDING = NotChecked(
    "spf", Sentence("SPF was not verified: it rests on where the mail came from.")
)
_REBUILT = NotChecked(
    "dkim",
    Sentence("Outlook saved the mail anew, so its signatures cannot be verified."),
)
_MORE = NotChecked(
    "dkim", Sentence("There are more signatures than are verified of one mail.")
)
_TORN = NotChecked("arc", Sentence("The seals have gaps, or are more than are read."))
_UNASKED = Sentence(
    "DNS was not asked about %(domain)s: no public name, or one made for its reader."
)
_UNANSWERED = Sentence("DNS gave no answer about %(domain)s.")
_TOLD = {
    Outcome.PARTIAL: Sentence(
        "The signature of %(domain)s covers the beginning of the mail alone."
    ),
    Outcome.UNCOVERED: Sentence(
        "The signature of %(domain)s leaves out something that the reader sees."
    ),
    Outcome.EXPIRED: Sentence("The signature of %(domain)s has expired."),
    Outcome.WEAK: Sentence(
        "The signature of %(domain)s is too weak to prove anything."
    ),
    Outcome.NO_KEY: Sentence("The key of %(domain)s is no longer in DNS."),
    Outcome.TESTING: Sentence("%(domain)s still tests its signatures."),
    Outcome.MALFORMED: Sentence("The signature of %(domain)s cannot be read."),
    Outcome.UNASKED: _UNASKED,
    Outcome.UNANSWERED: _UNANSWERED,
}


def is_aligned(each: Signature, message: Message, policy: Policy | None) -> bool:
    """Whether a signature is of the domain that the reader sees (RFC 7489, 3.1.1)."""
    domain = ascii_host(message.sender.domain)
    if policy and policy.is_strict:
        return each.domain == domain
    return is_same_organisation(each.domain, domain)


def unverified(verified: Verified | None) -> Iterator[NotChecked]:
    """What DNS could not tell about a message, and why."""
    if verified is None:
        yield _OFF
        return
    if verified.is_rebuilt:
        yield _REBUILT
        return
    yield from dict.fromkeys(_of_signatures(verified))


def _of_signatures(verified: Verified) -> Iterator[NotChecked]:
    for each in verified.signatures:
        if told := _TOLD.get(each.outcome):
            yield NotChecked("dkim", told.filled(domain=each.domain))
    if verified.is_cut:
        yield _MORE
    policy, chain = verified.policy, verified.chain
    if policy and (told := _TOLD.get(policy.outcome)):
        yield NotChecked("dmarc", told.filled(domain=policy.domain))
    if chain and not chain.sealers:
        yield _TORN
    elif chain and (told := _TOLD.get(chain.outcome)):
        yield NotChecked("arc", told.filled(domain=chain.sealers[-1]))


def verified_to_dict(verified: Verified | None) -> dict[str, object] | None:
    """What was found by DNS as JSON, so that a verdict can be reached again."""
    if verified is None:
        return None
    policy, chain = verified.policy, verified.chain
    return {
        "chain": chain
        and {"outcome": chain.outcome.value, "sealers": [*chain.sealers]},
        "is_cut": verified.is_cut,
        "is_rebuilt": verified.is_rebuilt,
        "policy": policy
        and {
            "action": policy.action.value,
            "domain": policy.domain,
            "is_strict": policy.is_strict,
            "outcome": policy.outcome.value,
        },
        "signatures": [
            {
                "domain": each.domain,
                "index": each.index,
                "outcome": each.outcome.value,
                "selector": each.selector,
            }
            for each in verified.signatures
        ],
    }
