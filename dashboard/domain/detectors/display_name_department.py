"""A unit of some company or provider whose links lead somewhere else."""

from collections.abc import Iterator
from functools import cache

from dashboard.domain.calls import calls_elsewhere
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import of_address, of_name, organisations, sighting
from dashboard.domain.strangers import Led, followed, strangers
from dashboard.domain.surroundings import is_answer, is_report

RULE = "display-name-department"
LONGEST_NAME = 100  # characters that are looked at


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report senders named for a department whose links lead to strangers."""
    away = _offered(message, context)
    title = _title(message.sender.name) if away else ""
    if not title or _is_ours(message, context.own_domains) or is_answer(message):
        return
    link, url = away[0]
    yield Finding(
        RULE,
        Sentence(
            "The sender calls itself “%(name)s”, but the mail leads to %(host)s,"
            " not to %(sender)s.",
            name=" ".join(message.sender.name[:LONGEST_NAME].split()),
            host=url.host,
            sender=message.sender.domain,
        ),
        (
            of_name(message, message.sender, title),
            of_address(message, message.sender),
            sighting(message, link.place, url.host, message.sender.domain),
        ),
    )


def _offered(message: Message, context: Context) -> tuple[Led, ...]:
    """The strangers' links: all there are, or else those that call to act.

    A server's report explains itself with bare addresses.
    """
    away = strangers(message, context)
    if len(away) != len(followed(message)):
        away = calls_elsewhere(message, context)
    if not away or not is_report(message):
        return away
    return tuple(pair for pair in away if pair[0].kind is not LinkKind.TEXT)


def _is_ours(message: Message, own_domains: tuple[str, ...]) -> bool:
    """Whether a department of the reader's own house writes."""
    houses = own_domains or tuple(to.domain for to in message.to)
    return organisation(message.sender.domain) in organisations(houses)


def _title(name: str) -> str:
    """The department that a name names, if it names one."""
    plain = plain_form(name[:LONGEST_NAME])
    words = "".join(c if c.isalnum() or c == "-" else " " for c in plain).split()
    shown = f" {' '.join(words)} "
    for department, word in _departments():
        if word in shown:
            return department
    return ""


@cache
def _departments() -> tuple[tuple[str, str], ...]:
    """Every department and the word to look for."""
    return tuple((each, f" {each} ") for each in table("words")["departments"])
