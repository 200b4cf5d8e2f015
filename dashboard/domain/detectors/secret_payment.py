"""Money that is to move and nobody is to know: the shape of a superior's order."""

from collections.abc import Iterator

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.detectors.language_secrecy import asked
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "secret-payment"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a text that asks for money or vouchers and for silence about it."""
    money = phrases.evidence(message, "payment") or phrases.evidence(
        message, "gift-card"
    )
    silence = asked(message) if money else ()
    if silence:
        yield Finding(
            RULE,
            Sentence("The text asks for money and that nobody hears of it."),
            (money[0], silence[0]),
        )
