"""An answer asked for at a private mailbox that is not the one writing."""

import re
from collections.abc import Iterator
from itertools import islice

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Evidence, Finding, Sentence, Where
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form, sources
from dashboard.domain.places import part_of
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import MOST_EVIDENCE, clickable, is_freemail, sighting
from dashboard.domain.surroundings import MOST_TEXT, is_answer, is_report

RULE = "contact-freemail"
MOST_SIGNS = 50  # of one text
BEFORE = 60  # characters in which one says what to do with an address
_SIGN = re.compile(r"@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,3})")
_LOCAL = re.compile(r"[A-Za-z0-9._+-]{3,64}\Z")
_REACHED = tuple(map(plain_form, table("words")["reached-words"]))
_WORD = re.compile(r"[^\W\d_]+")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report addresses at free mail services to which the reader is to write."""
    seen = tuple(islice(_asked(message), MOST_EVIDENCE))
    if seen and not is_report(message) and not is_answer(message):
        yield Finding(
            RULE,
            Sentence(
                "The reader is to write to %(address)s, a private mailbox at a free"
                " mail service, not to the sender %(sender)s.",
                address=seen[0].observed,
                sender=message.sender.mailbox,
            ),
            seen,
        )


def _asked(message: Message) -> Iterator[Evidence]:
    """Mailboxes named to be written to, other than those of the headers."""
    bodies = (each for each in sources(message) if each[1].where is not Where.HEADER)
    for text, place in bodies:
        for start, end in _addresses(text[:MOST_TEXT]):
            mailbox = text[start:end].lower()
            before = text[max(0, start - BEFORE) : start]
            if _is_private(message, mailbox) and _is_told(before):
                where = part_of(place, start, end)
                yield sighting(message, where, mailbox, message.sender.domain)
    for link, url in clickable(message):
        if url.scheme == "mailto" and _is_private(message, url.path.lower()):
            mailbox = url.path.lower()
            yield sighting(message, link.place, mailbox, message.sender.domain)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where the first addresses of a text stand."""
    for sign in islice(_SIGN.finditer(text), MOST_SIGNS) if "@" in text else ():
        if local := _LOCAL.search(text, max(0, sign.start() - 64), sign.start()):
            yield local.start(), sign.end()


def _is_private(message: Message, mailbox: str) -> bool:
    """Whether a mailbox is at a free mail service and nobody's the headers name."""
    domain = mailbox.rpartition("@")[2]
    if not is_freemail(domain) or organisation(domain) != domain:
        return False
    named = (message.sender, *message.reply_to, *message.to)
    return all(mailbox != each.mailbox.lower() for each in named)


def _is_told(before: str) -> bool:
    """Whether the words before an address say to write to it."""
    if plain_form(before).rstrip(" :<(").endswith(_REACHED):
        return False
    said = _WORD.findall(before.rpartition("@")[2].lower())
    return any(word in table("words")["contact-words"] for word in said)
