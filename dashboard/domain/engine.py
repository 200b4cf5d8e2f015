"""Running every detector over one message and weighing what they found."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.domain.aggregator import Assessment, assess
from dashboard.domain.context import Context
from dashboard.domain.detectors import DETECTORS, Detector
from dashboard.domain.findings import Finding, NotChecked
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse
from dashboard.domain.rulesets import Ruleset, load
from dashboard.domain.unchecked import unchecked

FAILED = "detector-failed"

# Limits beyond which something a reader acts on stayed unread.
_CUTS = frozenset(
    {"size", "parts", "depth", "nesting", "headers", "header-length"}
    | {"html-size", "html-nodes", "html-depth", "html-parts", "links"}
)

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
    findings: list[Finding] = []
    open_ends = [*unchecked(message, context), *_unread(message)]
    for detector in detectors:
        # A message is hostile input: one that breaks a detector must not hide what
        # the others saw, nor pass as though the broken one had found nothing.
        try:
            findings += tuple(detector(message, context))
        except Exception as failure:
            found, open_end = _failed(detector, failure)
            findings.append(found)
            open_ends.append(open_end)
    assessment = assess(findings, open_ends, ruleset or load())
    return Examination(message, assessment, context)


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
    summary = f"The check “{check}” could not be completed on this message."
    reason = f"The check “{check}” failed on this message."
    return Finding(FAILED, summary, ()), NotChecked(check, reason, blocks_verdict=True)
