"""What receiving servers found out about a sender, and whether to believe them.

Reads Authentication-Results (RFC 8601) and its ARC copy (RFC 8617) in one pass.
"""

import math
import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host, is_within, organisation
from dashboard.domain.forwarding import is_through
from dashboard.domain.message import Header, Message
from dashboard.domain.remembering import remembered
from dashboard.domain.results import MOST_TEXT, Result, bare, parse, tags
from dashboard.domain.rulesets import table
from dashboard.domain.verification import Outcome, Verified, is_aligned

MOST_HEADERS = 30  # of one name; honest mail carries a handful
_FAILURES = frozenset({"fail", "hardfail", "softfail"})
# Whom a passing check of these kinds vouches for.
_SPEAKERS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.helo"),
}
_DOMAIN = re.compile(r"(?:^|;)\s*(d\s*=[^;]*)")
_DMARC_FAIL = ("dmarc", "fail")


class State(StrEnum):
    """What the trusted results say about the address a reader sees."""

    PASS = "pass"  # noqa: S105 - the RFC's word for a result
    UNALIGNED = "unaligned"  # something passed, for another domain
    FAIL = "fail"
    NONE = "none"  # the server looked and found nothing to check
    FORWARDED = "forwarded"  # failed here, but a trusted forwarder saw it pass
    PASSED_ON = "passed on"  # by a forwarder of ours, and nothing signed it
    ABSENT = "absent"  # no believable server said anything


_ORDER = (State.ABSENT, State.NONE, State.UNALIGNED, State.FAIL, State.PASS)


class Report(NamedTuple):
    """One Authentication-Results header."""

    header: Header
    server: str  # the authserv-id; "" when the header names none
    results: tuple[Result, ...]
    is_trusted: bool

    def of(self, method: str) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.method == method)


class Judgement(NamedTuple):
    """The state of the visible sender's authentication, and what says so."""

    state: State
    report: Report | None = None
    result: Result | None = None
    domain: str = ""  # the domain that was authenticated
    is_ours: bool = False  # whether we verified it by DNS, and no server told us


@remembered
def reports(message: Message, context: Context) -> tuple[Report, ...]:
    """Read every Authentication-Results header, top first."""
    told = message.all("Authentication-Results")[:MOST_HEADERS]
    if not told:
        return ()
    local = _local(message)
    border = _border(message, local)
    found = []
    for header in told:
        server, results = parse(header.value)
        is_above = header.line < border
        believed = is_above and _is_believed(server, local, context)
        found.append(Report(header, server, results, believed))
    return tuple(found)


@remembered
def judge(message: Message, context: Context) -> Judgement:
    """Say what believable servers, or keys in DNS, prove about the From domain."""
    told = _reported(message, context)
    if context.verified is None or told.state is State.PASS:
        return told
    is_refused = told.state is State.FAIL and told.result and told.result.method
    if is_refused != "dmarc" and (proof := _proven(message, context.verified)):
        return proof
    if told.state is State.FAIL and is_sealed(message, context):
        return told._replace(state=State.FORWARDED)
    return told


@remembered
def is_sealed(message: Message, context: Context) -> bool:
    """Whether honest servers alone, by keys in DNS, passed on what was authentic."""
    chain = context.verified and context.verified.chain
    if not chain or chain.outcome is not Outcome.PASS:
        return False
    home = organisation(message.sender.domain)
    is_honest = all(_is_honest(each, context) for each in chain.sealers)
    return is_honest and _passed_first(message, home)


def _is_honest(sealer: str, context: Context) -> bool:
    """Whether a domain seals for one of our servers, or for a provider known to be."""
    house = organisation(sealer)
    if house in table("hosts")["arc-sealers"]:
        return True
    ours = (*context.trusted_servers, *context.forwarders)
    # A neighbour under the same domain may be anybody's.
    return any(is_within(each, sealer) and organisation(each) == house for each in ours)


def _proven(message: Message, verified: Verified) -> Judgement | None:
    """The first signature of the visible sender's own domain that holds."""
    signatures = message.all("DKIM-Signature")
    for each in verified.signatures:
        if each.outcome is Outcome.PASS and is_aligned(each, message, verified.policy):
            header = signatures[each.index]
            found = _DOMAIN.search(header.value)
            start, end = found.span(1) if found else (0, len(header.value))
            result = Result("dkim", "pass", start, end, {"header.d": each.domain})
            report = Report(header, "", (result,), is_trusted=True)
            return Judgement(State.PASS, report, result, each.domain, is_ours=True)
    return None


def _reported(message: Message, context: Context) -> Judgement:
    """What believable servers found out about the From domain."""
    home = organisation(message.sender.domain)
    results = [
        (report, result)
        for report in reports(message, context)
        if report.is_trusted
        for result in report.results
        if _concerns(result, home)
    ]
    if not results or not home:
        return Judgement(State.ABSENT)
    if is_passed_on(message, context):
        return _signed(results, home)
    judgement = max((_weigh(*pair, home) for pair in results), key=_precedence)
    has_seal = any(r.method == "arc" and r.value == "pass" for _, r in results)
    if judgement.state is State.FAIL and has_seal and _passed_before(message, home):
        return judgement._replace(state=State.FORWARDED)
    return judgement


@remembered
def is_passed_on(message: Message, context: Context) -> bool:
    """Whether a forwarder of ours handed the mail to the servers that checked it."""
    if not context.forwarders:
        return False
    local = _local(message)
    border = _border(message, local)
    ours = [each for each in message.all("Received") if each.line < border]
    return is_through(ours, context.forwarders, lambda host: _is_hop_of(local, host))


def hops(message: Message) -> tuple[str, ...]:
    """Name the hosts that say they received the message, last one first."""
    return tuple(receiver(h) for h in message.all("Received")[:MOST_HEADERS])


def receiver(header: Header | None) -> str:
    """Read the host after `by` in a Received header (RFC 5321, 4.4)."""
    return _receiver(header.value[:MOST_TEXT]) if header else ""


@lru_cache(maxsize=256)
def _receiver(value: str) -> str:
    words = bare(value).lower().split()
    at = words.index("by") + 1 if "by" in words else len(words)
    return words[at].strip("[];") if at < len(words) else ""


def _local(message: Message) -> str:
    """The organisation that received the message last."""
    headers = message.headers
    received = map(headers.at, headers.where("received")[:MOST_HEADERS])
    hosts = (receiver(header) for header in received)
    named = (organisation(host) for host in hosts if not is_ip_host(host))
    return _known_as(next(named, ""))


def _border(message: Message, local: str) -> float:
    """Find the line where the receiving organisation's own headers end.

    Servers write on top, so what stands below a hop of somebody else, or below
    the first header the author's program wrote, came in with the message.
    """
    headers = message.headers
    authored = [at for name in _authored() for at in headers.where(name)[:1]]
    first = min(authored, default=len(headers))
    for at in headers.where("received"):
        if at < first and not _is_hop_of(local, receiver(headers.at(at))):
            return headers.at(at).line
    return headers.at(first).line if authored else math.inf


@cache
def _authored() -> frozenset[str]:
    return frozenset(table("hosts")["authored-headers"])


def _is_hop_of(local: str, host: str) -> bool:
    # Large receivers pass mail on among machines that have only numbers.
    return is_ip_host(host) or _known_as(organisation(host)) == local


def _is_believed(server: str, local: str, context: Context) -> bool:
    if context.trusted_servers:
        return server in {name.lower() for name in context.trusted_servers}
    if not server:
        return local in table("hosts")["receivers-without-id"]
    return bool(local) and _known_as(organisation(server)) == local


def _known_as(home: str) -> str:
    """One name for the several organisational domains of one receiver."""
    return str(table("hosts")["receiver-aliases"].get(home, home))


def _passed_before(message: Message, home: str) -> bool:
    """Whether forwarders known to be honest sealed that the original passed.

    All of them: what the first one tells is only sealed by those who come after.
    """
    seals = [tags(header.value) for header in message.all("ARC-Seal")]
    sealers = {organisation(each.get("d", "")) for each in seals}
    is_honest = bool(sealers) and sealers <= {*table("hosts")["arc-sealers"]}
    return is_honest and _passed_first(message, home)


def _passed_first(message: Message, home: str) -> bool:
    """Whether the first server of a chain told that the original passed."""
    for header in message.all("ARC-Authentication-Results")[:MOST_HEADERS]:
        instance, _, told = header.value.partition(";")
        if instance.replace(" ", "") == "i=1":
            results = parse(told)[1]
            return any(_vouches(result, home) for result in results)
    return False


def _vouches(result: Result, home: str) -> bool:
    is_about = organisation(result.domain("header.from")) == home
    return result.method == "dmarc" and result.value == "pass" and is_about


def _concerns(result: Result, home: str) -> bool:
    told = result.domain("header.from")
    return not told or organisation(told) == home


def _weigh(report: Report, result: Result, home: str) -> Judgement:
    domain = result.domain(*_SPEAKERS.get(result.method, ("header.from",)))
    is_aligned = organisation(domain) == home or result.method == "dmarc"
    state = _state(result, is_aligned)
    return Judgement(state, report, result, domain or home)


def _state(result: Result, is_aligned: bool) -> State:
    if result.method == "arc":
        return State.NONE
    if result.value in {"pass", "bestguesspass"}:
        return State.PASS if is_aligned else State.UNALIGNED
    # A broken signature says no more than none (RFC 6376, 6.1): lists break them.
    is_broken = result.method == "dkim"
    if result.value in _FAILURES and is_aligned and not is_broken:
        return State.FAIL
    return State.NONE


def _signed(results: list[tuple[Report, Result]], home: str) -> Judgement:
    """What signatures tell; where a mail was handed in says nothing after that.

    SPF asks about the host that forwarded it, and DMARC goes along with SPF unless
    it passes while SPF does not: then by a signature (RFC 7489, 4.2).
    """
    told = {(result.method, result.value) for _, result in results}
    counted = {"dkim"} if ("spf", "pass") in told else {"dkim", "dmarc"}
    weighed = [
        _weigh(report, result, home)
        for report, result in results
        if result.method in counted and (result.method, result.value) != _DMARC_FAIL
    ]
    judgement = max(weighed, key=_precedence, default=Judgement(State.NONE))
    if judgement.state in {State.PASS, State.UNALIGNED}:
        return judgement
    return judgement._replace(state=State.PASSED_ON)


def _precedence(judgement: Judgement) -> int:
    """Rank DMARC first; elsewhere one aligned pass is enough (RFC 7489, 4.2)."""
    is_dmarc = judgement.result is not None and judgement.result.method == "dmarc"
    if is_dmarc and judgement.state in {State.FAIL, State.PASS}:
        return 6 if judgement.state is State.FAIL else 5
    return _ORDER.index(judgement.state)
