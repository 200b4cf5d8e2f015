"""What receiving servers found out about a sender, and whether to believe them.

Reads Authentication-Results (RFC 8601) and its ARC copy (RFC 8617) in one pass.
"""

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host, organisation
from dashboard.domain.forwarding import is_through
from dashboard.domain.message import Header, Message
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table

MOST_HEADERS = 30  # of one name; honest mail carries a handful
MOST_TEXT = 8000  # characters of one header
MOST_NESTED = 3  # comments in comments that are blanked out at once
_MARKS = re.compile(r'\\.|[()"]', re.DOTALL)
_COMMENT = re.compile(r'\([^()"\\]*\)')  # the usual one, without any inside
_QUOTED = str.maketrans("; =", "___")
_FAILURES = frozenset({"fail", "hardfail", "softfail"})
# Whom a passing check of these kinds vouches for.
_SPEAKERS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.helo"),
}
_DMARC_FAIL = ("dmarc", "fail")
METHODS = frozenset({"spf", "dkim", "dmarc", "arc"})


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


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, and where in the header's value it stands."""

    method: str
    value: str
    start: int
    end: int
    properties: dict[str, str] = field(default_factory=dict)  # "header.from": domain

    def domain(self, *names: str) -> str:
        """The domain of the first of these properties that is given."""
        for name in names:
            if name in self.properties:
                told = self.properties[name]
                return told.rpartition("@")[2].lower().strip("<>. ")
        return ""


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
    """Say what believable servers found out about the From domain."""
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
    is_sealed = any(r.method == "arc" and r.value == "pass" for _, r in results)
    if judgement.state is State.FAIL and is_sealed and _passed_before(message, home):
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
    words = _bare(value).lower().split()
    at = words.index("by") + 1 if "by" in words else len(words)
    return words[at].strip("[];") if at < len(words) else ""


@lru_cache(maxsize=256)
def parse(value: str) -> tuple[str, tuple[Result, ...]]:
    """Split a header into the server that speaks and its results.

    A header whose first item already is a result names no server.
    """
    text = _bare(value[:MOST_TEXT])
    items, start = [], 0
    for chunk in text.split(";"):
        items.append((start, chunk))
        start += len(chunk) + 1
    first = items[0][1].split()
    names_server = bool(first) and "=" not in first[0]
    results = (_result(*item) for item in items[int(names_server) :])
    server = first[0].lower().rstrip(".") if names_server else ""
    return server, tuple(r for r in results if r is not None)


def _bare(value: str) -> str:
    """Blank out comments and the syntax inside quoted strings; offsets stay."""
    plain = value
    for _ in range(MOST_NESTED):
        if not _has_marks(plain):
            return plain
        plain = _COMMENT.sub(_blank, plain)
    out: list[str] = []
    depth, is_quoted, last = 0, False, 0
    for found in _MARKS.finditer(value):
        out.append(_hidden(value[last : found.start()], depth, is_quoted))
        last, mark = found.end(), found[0]
        out.append(" " * len(mark) if depth or len(mark) == 1 else "__")
        if depth == 0 and mark == '"':
            is_quoted = not is_quoted
        elif not is_quoted and len(mark) == 1 and mark != '"':
            depth = max(0, depth + (1 if mark == "(" else -1))
    out.append(_hidden(value[last:], depth, is_quoted))
    return "".join(out)


def _blank(comment: re.Match[str]) -> str:
    return " " * len(comment[0])


def _has_marks(value: str) -> bool:
    return "(" in value or ")" in value or '"' in value or "\\" in value


def _hidden(text: str, depth: int, is_quoted: bool) -> str:
    if depth:
        return " " * len(text)
    return text.translate(_QUOTED) if is_quoted else text


def _result(offset: int, chunk: str) -> Result | None:
    words = _spaced(chunk).split()
    method, equals, value = words[0].partition("=") if words else ("", "", "")
    method = method.partition("/")[0].lower()
    if not equals or method not in METHODS:
        return None
    properties = {
        name.lower(): told
        for name, equals, told in (word.partition("=") for word in words[1:])
        if equals
    }
    start = offset + chunk.index(chunk.split()[0])
    end = offset + chunk.lower().find(value.lower(), start - offset) + len(value)
    return Result(method, value.lower(), start, end, properties)


def _spaced(chunk: str) -> str:
    """Close the gaps a server may leave around an equals sign."""
    return "=".join(piece.strip() for piece in chunk.split("="))


def _local(message: Message) -> str:
    """The organisation that received the message last."""
    received = message.all("Received")[:MOST_HEADERS]
    hosts = (receiver(header) for header in received)
    named = (organisation(host) for host in hosts if not is_ip_host(host))
    return _known_as(next(named, ""))


def _border(message: Message, local: str) -> float:
    """Find the line where the receiving organisation's own headers end.

    Servers write on top, so what stands below a hop of somebody else, or below
    the first header the author's program wrote, came in with the message.
    """
    authored = _authored()
    for header in message.headers:
        name = header.name.lower()
        if name in authored:
            return header.line
        if name == "received" and not _is_hop_of(local, receiver(header)):
            return header.line
    return math.inf


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
    """Whether a forwarder known to be honest sealed that the original passed."""
    seals = [_tags(header.value) for header in message.all("ARC-Seal")[:MOST_HEADERS]]
    newest = max(seals, key=lambda tags: tags.get("i", "").zfill(3), default={})
    if organisation(newest.get("d", "")) not in table("hosts")["arc-sealers"]:
        return False
    for header in message.all("ARC-Authentication-Results")[:MOST_HEADERS]:
        instance, _, told = header.value.partition(";")
        if instance.replace(" ", "") == "i=1":
            results = parse(told)[1]
            return any(_vouches(result, home) for result in results)
    return False


def _vouches(result: Result, home: str) -> bool:
    is_about = organisation(result.domain("header.from")) == home
    return result.method == "dmarc" and result.value == "pass" and is_about


def _tags(value: str) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in value[:MOST_TEXT].split(";"))
    return {name.strip(): told.strip() for name, _, told in pairs}


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
