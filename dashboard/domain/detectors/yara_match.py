"""Something that a rule of the organisation's own was written for."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_content, in_source
from dashboard.domain.scanning import Match
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "yara-match"
SHOWN = 200  # bytes of what fitted
_ONE = Sentence("Your rule %(rule)s (%(file)s) fits %(what)s.")
_MORE = Sentence("Your rule %(rule)s (%(file)s) and %(more)s more fit %(what)s.")
_MAIL = Sentence("the mail")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report which of the organisation's rules fit the mail or a file of it."""
    if not context.scanned or not context.scanned.matches:
        return
    first, *others = context.scanned.matches
    yield Finding(
        RULE,
        (_MORE if others else _ONE).filled(
            rule=first.rule,
            file=first.file,
            what=_what(message, first),
            more=len(others),
        ),
        tuple(
            _evidence(message, each) for each in context.scanned.matches[:MOST_EVIDENCE]
        ),
    )


def _what(message: Message, match: Match) -> str:
    names = {each.part: each.name for each in message.attachments}
    return repr(names.get(match.part, "")) if match.part else _MAIL


def _evidence(message: Message, match: Match) -> Evidence:
    start, end = match.start, min(match.end, match.start + SHOWN)
    for each in message.attachments:
        if each.part == match.part:
            place = in_content(each, start, end) if end else in_content(each)
            return sighting(message, place, match.rule)
    place = in_source(start, end) if end else in_source(0, min(64, message.size))
    return sighting(message, place, match.rule)
