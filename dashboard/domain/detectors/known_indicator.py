"""Something in the message that a person has put on record as a threat before."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.observables import Observable, observables
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "known-indicator"

# From which level on a record counts; the worst first.
COUNTED = ("critical", "high", "medium")
_TOLD = {
    "from": Sentence("The sender is %(value)s"),
    "reply-to": Sentence("Answers go to %(value)s"),
    "return-path": Sentence("The return path names %(value)s"),
    "link": Sentence("A link leads to %(value)s"),
    "attachment": Sentence("An attachment has the hash %(value)s"),
}
_ONE = Sentence("%(told)s, on record as %(threat)s.")
_MORE = Sentence("%(told)s, on record as %(threat)s, and %(more)s more like it.")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report what the message shares with indicators that people recorded."""
    if not context.indicators:
        return
    known = {each.key: each for each in context.indicators}
    met = [
        (seen, known[seen.key])
        for seen in observables(message)
        if seen.key in known and known[seen.key].level in COUNTED
    ]
    if not met:
        return
    seen, worst = min(met, key=lambda pair: COUNTED.index(pair[1].level))
    many = len({entry.key for _seen, entry in met})
    told = _TOLD[seen.where].filled(value=seen.value[:100])
    yield Finding(
        RULE,
        (_MORE if many > 1 else _ONE).filled(
            told=told, threat=worst.threat, more=many - 1
        ),
        tuple(_evidence(message, seen) for seen, _entry in met[:MOST_EVIDENCE]),
    )


def _evidence(message: Message, seen: Observable) -> Evidence:
    return sighting(message, seen.place, seen.value)
