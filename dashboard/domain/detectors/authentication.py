"""A sender whose address its own domain does not vouch for."""

from collections.abc import Iterator

from dashboard.domain.authentication import Judgement, State, judge
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Polarity
from dashboard.domain.message import Message
from dashboard.domain.places import in_header, part_of
from dashboard.domain.sightings import of_header, sighting

PASSED_RULE = "auth-pass-aligned"
FAILED_RULE = "auth-fail"
UNALIGNED_RULE = "auth-unaligned"
NONE_RULE = "auth-none"
ABSENT_RULE = "auth-absent"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report what a believable receiving server found out about the sender."""
    judgement = judge(message, context)
    told = {
        State.PASS: _passed,
        State.FAIL: _failed,
        State.UNALIGNED: _unaligned,
        State.NONE: _unprotected,
        State.ABSENT: _unchecked,
    }.get(judgement.state)
    if told is not None:
        yield told(message, judgement)


def _passed(message: Message, judgement: Judgement) -> Finding:
    return Finding(
        PASSED_RULE,
        f"The mail really comes from {message.sender.domain}:"
        " the receiving server checked it.",
        _evidence(message, judgement),
        Polarity.AGAINST,
    )


def _failed(message: Message, judgement: Judgement) -> Finding:
    return Finding(
        FAILED_RULE,
        f"The receiving server found that {message.sender.domain}"
        " did not send this mail.",
        _evidence(message, judgement, "pass"),
    )


def _unaligned(message: Message, judgement: Judgement) -> Finding:
    return Finding(
        UNALIGNED_RULE,
        f"The mail was vouched for by {judgement.domain or 'another domain'},"
        f" not by {message.sender.domain}, which it shows as its sender.",
        _evidence(message, judgement, f"pass for {message.sender.domain}"),
    )


def _unprotected(message: Message, judgement: Judgement) -> Finding:
    return Finding(
        NONE_RULE,
        f"Nothing proves that the mail comes from {message.sender.domain}.",
        _evidence(message, judgement, "pass"),
    )


def _unchecked(message: Message, judgement: Judgement) -> Finding:
    return Finding(
        ABSENT_RULE,
        "No receiving server that can be believed checked the sender.",
        of_header(message, "From", "no result", "a receiving server's result"),
    )


def _evidence(
    message: Message, judgement: Judgement, expected: str = ""
) -> tuple[Evidence, ...]:
    report, result = judgement.report, judgement.result
    if report is None or result is None:
        return ()
    place = part_of(in_header(report.header), result.start, result.end)
    observed = f"{result.method}={result.value}"
    return (sighting(message, place, observed, expected),)
