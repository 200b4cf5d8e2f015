"""Against deceit: an answer to a mail that was really sent."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import is_freemail, of_header
from dashboard.domain.surroundings import is_answer

RULE = "thread-genuine"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report an answer that quotes an earlier mail, or names one of its reader's.

    The name alone counts only from a sender whom the receiving server confirmed.
    """
    earlier = message.first("In-Reply-To")
    if earlier is None or "@" not in earlier.value:
        return
    if is_answer(message):
        summary = Sentence("The mail answers an earlier one and quotes it.")
    elif _is_readers(message, context, earlier.value):
        summary = Sentence(
            "A confirmed sender answers a mail from the reader's own house."
        )
    else:
        return
    yield Finding(RULE, summary, of_header(message, "In-Reply-To"), Polarity.AGAINST)


def _is_readers(message: Message, context: Context, earlier: str) -> bool:
    """Whether the mail answered was made where this one was sent to."""
    maker = organisation(earlier.rpartition("@")[2].strip(" <>"))
    houses = (*context.own_domains, *(to.domain for to in message.to))
    own = {organisation(domain) for domain in houses if not is_freemail(domain)}
    return maker in own and judge(message, context).state is State.PASS
