"""What stands around a phrase or a link that was seen in a message."""

from collections.abc import Iterator
from functools import cache

from dashboard.domain.findings import Evidence, Place, Where
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.orders import is_order
from dashboard.domain.phrases import plain_form, says, sources
from dashboard.domain.remembering import remembered
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import web_links
from dashboard.domain.urls import Url

_MARKS = (">", "|")  # before the lines of a mail that is answered
_REPORTERS = ("mailer-daemon", "postmaster", "mail delivery")
NEAR_NOTICE = 300  # characters around a phrase
LONGEST_INDENT = 80  # characters before a mark
MOST_TEXT = 20_000  # characters of a text that is looked at
NEAR = 160  # characters between a call and the bare address it speaks of
LEAST_REPEATED = 80  # characters of another mail; a forged line or two are fewer
_REPEATED = (" wrote:", "Original Message", "schrieb:", "a écrit")


def spots(message: Message, seen: Evidence) -> Iterator[tuple[str, int]]:
    """The text a phrase was found in, and where in it."""
    return _spots(message, seen.place)


def is_quoted(message: Message, seen: Evidence) -> bool:
    """Whether a phrase stands in a line that an answer repeats."""
    return _stands_quoted(message, seen.place)


def is_notice(message: Message, seen: Evidence) -> bool:
    """Whether a phrase stands among the usual words about mail gone astray."""
    return any(
        any(mark in around for mark in _notices())
        for text, start in spots(message, seen)
        for around in [plain_form(_around(text, start, start + len(seen.value)))]
    )


def _around(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - NEAR_NOTICE) : end + NEAR_NOTICE].split())


@cache
def _notices() -> tuple[str, ...]:
    return tuple(map(plain_form, table("words")["notices"]))


@remembered
def is_answer(message: Message) -> bool:
    """Whether a mail names the one it answers and repeats it, as discussions do.

    Anybody can write such a name and a few marks; so what is repeated must be more
    than a line, and the mail itself may not call its reader anywhere.
    """
    earlier = message.first("In-Reply-To")
    if earlier is None or "@" not in earlier.value:
        return False
    if _repeated(message) < LEAST_REPEATED:
        return False
    return not any(_is_own_call(message, link) for link, _ in web_links(message))


def _repeated(message: Message) -> int:
    """How many characters of another mail the body repeats.

    The plain twin of a page is not looked at: nobody sees what stands there. On a
    page the marks are arrows.
    """
    pages = [page.visible[:MOST_TEXT] for page in message.html if page.is_body]
    texts = [] if pages else [part.text[:MOST_TEXT] for part in message.texts]
    return max(map(_behind_mark, pages + texts), default=0) or max(
        map(_marked, texts), default=0
    )


def _behind_mark(text: str) -> int:
    starts = [at for mark in _REPEATED if (at := text.find(mark)) >= 0]
    return len(text) - min(starts, default=len(text))


def _marked(text: str) -> int:
    if "\n>" not in f"\n{text}":
        return 0
    lines = (line.lstrip("> ") for line in text.splitlines() if line.startswith(">"))
    return sum(map(len, lines))


def _is_own_call(message: Message, link: Link) -> bool:
    """Whether a link calls its reader, and not out of what an answer repeats."""
    if link.kind is LinkKind.TEXT:
        is_called = says(before(message, link.place, NEAR), "calls")
        return is_called and not _stands_quoted(message, link.place)
    if link.kind is not LinkKind.ANCHOR:
        return True
    return is_order(link.text) and "/blockquote[" not in link.place.path


@remembered
def is_report(message: Message) -> bool:
    """Whether a mail server reports on a mail it was given."""
    written = f"{message.sender.mailbox} {message.sender.name}".lower()
    kind = message.first("Content-Type")
    is_typed = kind is not None and "multipart/report" in kind.value.lower()
    return is_typed or any(mark in written for mark in _REPORTERS)


@remembered
def told_links(message: Message) -> tuple[tuple[Link, Url], ...]:
    """The links that lead to a host, but for those in lines that an answer repeats."""
    links = web_links(message)
    if not links or not is_answer(message):
        return links
    return tuple(
        (link, url)
        for link, url in links
        if link.place.where is not Where.TEXT or not _stands_quoted(message, link.place)
    )


def before(message: Message, place: Place, length: int) -> str:
    """The last characters before a place in a text that a reader sees."""
    for text, start in _spots(message, place):
        return text[max(0, start - length) : start]
    return ""


def _stands_quoted(message: Message, place: Place) -> bool:
    return any(_begins_marked(text, start) for text, start in _spots(message, place))


def _begins_marked(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return text[line : min(start, line + LONGEST_INDENT)].lstrip().startswith(_MARKS)


def _spots(message: Message, spot: Place) -> Iterator[tuple[str, int]]:
    for text, whole in sources(message):
        same = (whole.where, whole.part, whole.name, whole.path)
        if same == (spot.where, spot.part, spot.name, spot.path):
            yield text, (spot.start or 0) - (whole.start or 0)
