"""A superior's request from a private mailbox: buy cards, pay, keep it quiet."""

from collections.abc import Iterator
from functools import cache

from dashboard.domain import phrases
from dashboard.domain.context import Context
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import is_freemail, of_address, of_name

RULE = "sender-freemail-authority"
_REQUESTS = ("gift-card", "secrecy", "payment")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report free mail that speaks with authority and wants something delicate."""
    sender = message.sender
    if not is_freemail(sender.domain):
        return
    wanted = [phrases.evidence(message, theme) for theme in _REQUESTS]
    requests = tuple(found[0] for found in wanted if found)
    if not requests:
        return
    authority = _title(message) or phrases.evidence(message, "authority")
    if authority:
        yield Finding(
            RULE,
            Sentence(
                "Somebody in authority asks for something delicate"
                " (%(requests)s) from a private mailbox at %(domain)s.",
                requests=_told(requests),
                domain=sender.domain,
            ),
            (
                of_address(message, sender, expected="the organisation's own domain"),
                *authority[:1],
                *requests,
            ),
        )


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    """Every title and what to look for: a word, but in scripts without spaces."""
    words = table("words")
    titles = (*words["titles"], *words["departments"])
    return tuple(
        (title, f" {title} " if title.isascii() else title) for title in titles
    )


def _title(message: Message) -> tuple[Evidence, ...]:
    """The title in the sender's name, if it has one."""
    plain = plain_form(message.sender.name[:200])
    shown = f" {''.join(c if c.isalnum() else ' ' for c in plain)} "
    shown = f" {' '.join(shown.split())} "
    for title, word in _titles():
        if word in shown:
            return (of_name(message, message.sender, title),)
    return ()


def _told(requests: tuple[Evidence, ...]) -> str:
    return ", ".join(f"“{seen.value.strip()[:40]}”" for seen in requests[:2])
