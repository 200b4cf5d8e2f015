"""A request to tell nobody, who might know better."""

from collections.abc import Iterable

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.remembering import remembered
from dashboard.domain.surroundings import is_notice

RULE = "language-secrecy"
SUMMARY = Sentence("The text asks for secrecy: “%(quoted)s”.")


def detect(message: Message, context: Context) -> Iterable[Finding]:
    """Report phrases that ask for silence, but for the usual notice at the foot."""
    return phrases.told(message, asked(message), RULE, SUMMARY)


@remembered
def asked(message: Message) -> tuple[Evidence, ...]:
    """The phrases that ask for silence about what the mail is about."""
    heard = phrases.evidence(message, "secrecy")
    return tuple(seen for seen in heard if not is_notice(message, seen))
