"""Headers that stand twice: filters read one, the reader sees the other."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_header
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "header-duplicate"
# RFC 5322, 3.6: at most one of each
_SINGLE = ("From", "Subject", "Date", "To", "Reply-To", "Sender", "Message-ID")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report headers that may stand once and stand several times."""
    for name in _SINGLE:
        headers = message.all(name) if message.count(name) > 1 else ()
        if len({header.value for header in headers}) > 1:
            yield Finding(
                RULE,
                Sentence(
                    "The header %(header)s stands %(number)s times and says"
                    " different things.",
                    header=name,
                    number=len(headers),
                ),
                tuple(
                    sighting(message, in_header(header), header.value[:80], "once")
                    for header in headers[:MOST_EVIDENCE]
                ),
            )
            return
