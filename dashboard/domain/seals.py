"""The seals of servers that passed a mail on, verified as a chain (RFC 8617)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from dashboard.domain import canonical, signatures
from dashboard.domain.headers import Field
from dashboard.domain.message import Message
from dashboard.domain.signatures import Answers, Signed
from dashboard.domain.verification import Chain, Outcome

MOST: Final = 5  # servers in one chain; RFC 8617 allows 50
_NEEDED = ("a", "b", "cv", "d", "i", "s")
_NAMES = ("arc-authentication-results", "arc-message-signature", "arc-seal")


class Link(NamedTuple):
    """What one server added when it passed the mail on."""

    results: Field
    signature: Signed
    seal: Signed


def links(message: Message) -> tuple[Link, ...] | None:
    """The links of the chain, the first server's first; None when it has gaps."""
    named = signatures.source(message).block.named
    found = [named.get(name, []) for name in _NAMES]
    count = len(found[0])
    if count > MOST or any(len(fields) != count for fields in found):
        return None
    ordered = [{_instance(field): field for field in fields} for fields in found]
    if any(set(each) != set(range(1, count + 1)) for each in ordered):
        return None
    results, signed, seals = ordered
    return tuple(
        Link(results[i], signatures.read(signed[i]), signatures.read(seals[i]))
        for i in range(1, count + 1)
    )


def wanted(chain: tuple[Link, ...]) -> Iterator[Signed]:
    """Whose keys are needed: of every seal, and of the newest signature."""
    if chain:
        yield chain[-1].signature
        yield from (link.seal for link in chain)


def outcome(
    message: Message,
    chain: tuple[Link, ...] | None,
    names: dict[tuple[str, str], str],
    answers: Answers,
    at: datetime,
) -> Chain | None:
    """What becomes of the chain; None when nobody sealed anything."""
    if chain is None:
        return Chain((), Outcome.MALFORMED)
    if not chain:
        return None
    sealers = tuple(link.seal.domain for link in chain)
    if fault := _flaw(chain) or _unanswered(chain, names, answers):
        return Chain(sealers, fault)

    def records(each: Signed) -> tuple[bytes, ...]:
        return answers[names[each.domain, each.selector]] or ()

    newest = chain[-1].signature
    if fault := _body_fault(message, newest, records(newest), at):
        return Chain(sealers, fault)
    for count in range(len(chain), 0, -1):
        seal = chain[count - 1].seal
        content = b"".join(_sealed(message, chain[:count]))
        told = signatures.verdict(seal, records(seal), content, None)
        if told is not Outcome.PASS:
            return Chain(sealers, told)
    return Chain(sealers, Outcome.PASS)


def _instance(field: Field) -> int:
    """The number in `i=`; 0 when there is none."""
    for piece in field.value[:4000].split(b";"):
        name, _, value = piece.partition(b"=")
        if name.strip() == b"i":
            number = value.strip()
            return int(number) if number.isdigit() and len(number) < 3 else 0
    return 0


def _flaw(chain: tuple[Link, ...]) -> Outcome | None:
    for count, link in enumerate(chain, 1):
        told = link.seal.told
        if any(not told.get(name) for name in _NEEDED) or "h" in told:
            return Outcome.MALFORMED
        if told["a"].lower() != "rsa-sha256":
            return Outcome.WEAK
        if told["cv"].lower() != ("none" if count == 1 else "pass"):
            return Outcome.BROKEN
    return None


def _unanswered(
    chain: tuple[Link, ...], names: dict[tuple[str, str], str], answers: Answers
) -> Outcome | None:
    for each in wanted(chain):
        name = names.get((each.domain, each.selector), "")
        if not name:
            return Outcome.UNASKED
        if answers.get(name) is None:
            return Outcome.UNANSWERED
    return None


def _body_fault(
    message: Message, newest: Signed, records: tuple[bytes, ...], at: datetime
) -> Outcome | None:
    told = {name: value for name, value in newest.told.items() if name != "i"}
    signed = newest._replace(told=told)
    if "arc-seal" in signed.told.get("h", "").lower():
        return Outcome.MALFORMED
    found = signatures.outcome(message, signed, records, at)
    return None if found is Outcome.PASS else found


def _sealed(message: Message, chain: tuple[Link, ...]) -> Iterator[bytes]:
    """What the newest server of these sealed (RFC 8617, 5.1.1)."""
    mail = signatures.source(message)
    last = chain[-1]
    for link in chain:
        for field in (link.results, link.signature.field):
            yield canonical.relaxed_header(mail.field(field))
        if link is not last:
            yield canonical.relaxed_header(mail.field(link.seal.field))
    own = signatures.without_value(mail.field(last.seal.field))
    yield canonical.relaxed_header(own).removesuffix(b"\r\n")
