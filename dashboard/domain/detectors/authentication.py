"""A sender whose address its own domain does not vouch for."""

from collections.abc import Iterator

from dashboard.domain.authentication import Judgement, State, judge
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_header, part_of
from dashboard.domain.sightings import of_header, sighting

PASSED_RULE = "auth-pass-aligned"
FAILED_RULE = "auth-fail"
UNALIGNED_RULE = "auth-unaligned"
NONE_RULE = "auth-none"
ABSENT_RULE = "auth-absent"
_TOLD = {
    State.PASS: (
        PASSED_RULE,
        Sentence(
            "The mail really comes from %(home)s: the receiving server checked it."
        ),
    ),
    State.FAIL: (
        FAILED_RULE,
        Sentence("The receiving server found that %(home)s did not send this mail."),
    ),
    State.UNALIGNED: (
        UNALIGNED_RULE,
        Sentence(
            "Not %(home)s, which is shown as the sender, but %(other)s vouches for it."
        ),
    ),
    State.NONE: (
        NONE_RULE,
        Sentence("Nothing proves that the mail comes from %(home)s."),
    ),
    State.ABSENT: (
        ABSENT_RULE,
        Sentence("No receiving server that can be believed checked the sender."),
    ),
}
_VERIFIED = Sentence(
    "The mail really comes from %(home)s: its signature holds, by the key in DNS."
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report what a believable receiving server found out about the sender."""
    judgement = judge(message, context)
    if judgement.state in _TOLD:
        rule, told = _TOLD[judgement.state]
        told = _VERIFIED if judgement.is_ours else told
        is_pass = judgement.state is State.PASS
        yield Finding(
            rule,
            told.filled(home=message.sender.domain, other=judgement.domain),
            _evidence(message, judgement),
            Polarity.AGAINST if is_pass else Polarity.FOR,
        )


def _evidence(message: Message, judgement: Judgement) -> tuple[Evidence, ...]:
    report, result = judgement.report, judgement.result
    expected = f"pass for {message.sender.domain}"
    if report is None or result is None:
        return of_header(message, "From", "no result", expected)
    place = part_of(in_header(report.header), result.start, result.end)
    return (sighting(message, place, f"{result.method}={result.value}", expected),)
