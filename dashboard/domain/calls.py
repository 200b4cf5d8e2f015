"""Links that say what to do now and lead to somebody else's page."""

from collections.abc import Iterator
from itertools import islice

from dashboard.domain.context import Context
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.orders import is_filling, is_leaving, is_order, names_way_off
from dashboard.domain.phrases import says, sources
from dashboard.domain.remembering import remembered
from dashboard.domain.strangers import Led, followed, strangers
from dashboard.domain.surroundings import NEAR, before, is_answer

MOST_PAGES = 8  # different pages; a newsletter has more
PHRASE = 60  # characters on each side of a label
MOST_LABELS = 5  # places of one label
LONGEST_LETTER = 4_000  # characters around a bare address; a newsletter has more


@remembered
def calls_elsewhere(message: Message, context: Context) -> tuple[Led, ...]:
    """The calls to act that lead to strangers; none in answers and newsletters."""
    away = strangers(message, context)
    if not away or _is_wide(message) or is_answer(message):
        return ()
    return tuple((link, url) for link, url in away if _is_call(message, link))


def _is_wide(message: Message) -> bool:
    """Whether a mail leads to as many pages as a newsletter does."""
    pages = {(url.host, url.path, url.query) for _, url in followed(message)}
    return len(pages) > MOST_PAGES


def _is_call(message: Message, link: Link) -> bool:
    """Whether a link says what to do, or stands behind words that do."""
    if link.kind is LinkKind.FORM:
        return True
    if link.kind is LinkKind.TEXT:
        return is_spoken_of(message, link)
    return is_order(link.text) or _is_pointed_at(message, link.text)


def _is_pointed_at(message: Message, label: str) -> bool:
    """Whether a label such as “here” ends a sentence that says what to do with it."""
    return any(
        says(near[: PHRASE + len(label)], "calls") and not names_way_off(near)
        for near in _sentences(message, label)
    )


def is_way_off(message: Message, link: Link) -> bool:
    """Whether a link, or the words around its “here”, say how to leave a list."""
    if is_leaving(link.text):
        return True
    return any(map(names_way_off, _sentences(message, link.text)))


def _sentences(message: Message, label: str) -> Iterator[str]:
    """What stands around the first places of a label that says nothing by itself."""
    if is_filling(label):
        for text, _ in sources(message):
            yield from islice(_around(text, label), MOST_LABELS)


def _around(text: str, label: str) -> Iterator[str]:
    """What stands just before and behind each place where a label stands."""
    at = text.find(label, 0, LONGEST_LETTER)
    while at >= 0:
        before = text[max(0, at - PHRASE) : at].rjust(PHRASE)
        yield f"{before}{text[at : at + len(label) + PHRASE]}"
        at = text.find(label, at + 1, LONGEST_LETTER)


def is_spoken_of(message: Message, link: Link) -> bool:
    """Whether words before a bare address ask for it to be followed."""
    if _is_long(message) or names_way_off(link.url):
        return False
    return says(before(message, link.place, NEAR), "calls")


@remembered
def _is_long(message: Message) -> bool:
    return sum(len(text) for text, _ in sources(message)) > LONGEST_LETTER
