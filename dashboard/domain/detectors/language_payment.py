"""Money that is to move: a transfer, a fee, an invoice, a refund."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message

RULE = "language-payment"
SUMMARY = Sentence("The text is about money changing hands: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that ask for or promise a payment."""
    return phrases.findings(message, "payment", RULE, SUMMARY)
