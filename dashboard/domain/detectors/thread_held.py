"""Against deceit: an answer to a mail that the organisation really wrote."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.correspondents import is_vouched, references
from dashboard.domain.findings import Evidence, Finding, Polarity, Sentence
from dashboard.domain.message import Header, Message
from dashboard.domain.places import in_header, part_of
from dashboard.domain.sightings import sighting

RULE = "thread-held"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report an answer of a confirmed sender to a mail that was written to him.

    To know the id of a mail is not enough: those of public lists are known to all.
    """
    history = context.history
    if history is None or not history.held or history.judged_bad:
        return
    if not is_vouched(message, context):
        return
    for named in references(message):
        if named in history.held:
            yield Finding(
                RULE,
                Sentence(
                    "The mail answers one that the organisation wrote to %(who)s."
                ).filled(who=message.sender.mailbox),
                (_evidence(message, named),),
                Polarity.AGAINST,
            )
            return


def _evidence(message: Message, named: str) -> Evidence:
    naming = (message.first(name) for name in ("In-Reply-To", "References"))
    header = next(each for each in naming if each is not None and named in each.value)
    return _within(message, header, named)


def _within(message: Message, header: Header, named: str) -> Evidence:
    start = header.value.rindex(named)
    place = part_of(in_header(header), start, start + len(named))
    return sighting(message, place, named)
