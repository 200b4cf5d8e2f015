"""Running every detector over one message and weighing what they found."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from dashboard.domain.aggregator import Assessment, assess
from dashboard.domain.context import Context
from dashboard.domain.detectors import DETECTORS, Detector
from dashboard.domain.findings import Finding, NotChecked, Sentence
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse
from dashboard.domain.rulesets import Ruleset, load
from dashboard.domain.subjects import Subject, with_subjects
from dashboard.domain.unchecked import unchecked

FAILED = "detector-failed"
T = TypeVar("T")

# Limits beyond which something a reader acts on stayed unread.
_CUTS = frozenset(
    {"size", "parts", "depth", "nesting", "headers", "header-length"}
    | {"html-size", "html-nodes", "html-depth", "html-parts", "links"}
)

# A message, what was found in it, and what was not checked.
_Judged = tuple[Message, list[Finding], list[NotChecked]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Examination:
    """A message and what the engine makes of it."""

    message: Message
    assessment: Assessment
    context: Context = Context()  # noqa: RUF009 - frozen, and without state


def examine(
    raw: bytes,
    *,
    context: Context = Context(),  # noqa: B008 - frozen, and without state
    ruleset: Ruleset | None = None,
    detectors: Iterable[Detector] = DETECTORS,
) -> Examination:
    """Parse a message, run the detectors over it and weigh what they found.

    The same bytes, context and ruleset always give the same answer.
    """
    return judge(parse(raw), context=context, ruleset=ruleset, detectors=detectors)


def judge(
    message: Message,
    *,
    context: Context = Context(),  # noqa: B008 - frozen, and without state
    ruleset: Ruleset | None = None,
    detectors: Iterable[Detector] = DETECTORS,
) -> Examination:
    """Run the detectors over a parsed message and weigh what they found."""
    return _judge_each(
        (message,), context=context, ruleset=ruleset, detectors=detectors
    )[0]


def examine_each(raws: Iterable[bytes]) -> list[Examination]:
    """Examine several messages, each as if it were alone.

    A few at a time take less than one after the other: what a detector needs is at
    hand for all of them.
    """
    return _judge_each([parse(raw) for raw in raws])


def _judge_each(
    messages: Iterable[Message],
    *,
    context: Context = Context(),  # noqa: B008 - frozen, and without state
    ruleset: Ruleset | None = None,
    detectors: Iterable[Detector] = DETECTORS,
) -> list[Examination]:
    judged: list[_Judged] = [
        (message, [], [*unchecked(message, context), *_unread(message)])
        for message in messages
    ]
    concerned: dict[Subject, list[_Judged]] = {}
    for detector, subject in with_subjects(tuple(detectors)):
        if subject not in concerned:
            concerned[subject] = [
                each for each in judged if _told(subject, each[0], context)
            ]
        for message, findings, open_ends in concerned[subject]:
            told = _told(detector, message, context)
            if isinstance(told, Exception):
                fault, open_end = _failed(detector, told)
                findings.append(fault)
                open_ends.append(open_end)
            else:
                findings += told
    rules = ruleset or load()
    return [
        Examination(message, assess(findings, open_ends, rules), context)
        for message, findings, open_ends in judged
    ]


def _told(
    ask: Callable[[Message, Context], Iterable[T]], message: Message, context: Context
) -> tuple[T, ...] | Exception:
    """What a detector finds, or a subject holds; or how it broke over the message.

    A message is hostile input: one that breaks a detector must not hide what the
    others saw, nor pass as though the broken one had found nothing.
    """
    try:
        return tuple(ask(message, context))
    except Exception as failure:
        return failure


def _unread(message: Message) -> Iterator[NotChecked]:
    """What lies beyond a limit: padding a message must not make it clean."""
    first = {breach.limit: breach for breach in reversed(message.breaches)}
    for limit in sorted(_CUTS & first.keys()):
        yield NotChecked(limit, first[limit].detail, blocks_verdict=True)


def _failed(detector: Detector, failure: Exception) -> tuple[Finding, NotChecked]:
    """What is said in place of a detector that broke."""
    # It is logged by type alone, because its text may quote the message.
    name = getattr(detector, "__module__", "").rpartition(".")[2]
    logger.error("Detector %s failed: %s", name, type(failure).__name__)
    check = name.replace("_", "-")
    summary = Sentence(
        "The check “%(check)s” could not be completed on this message.", check=check
    )
    reason = Sentence("The check “%(check)s” failed on this message.", check=check)
    return Finding(FAILED, summary, ()), NotChecked(check, reason, blocks_verdict=True)
