"""Which messages are copies of one another: a campaign counts as one observation."""

import hashlib
import re
from collections.abc import Hashable, Iterator, Sequence

from dashboard.domain.message import LinkKind, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.sightings import web_links

RUN = 4  # words in a row that are compared
BANDS, ROWS = 8, 3
FEWEST_WORDS = 8
FEW_WORDS = 40  # below, the links say more than the text
MOST_TEXT = 20_000
_URL = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def groups(keys: Sequence[Sequence[Hashable]]) -> list[int]:
    """For each message the first one that it shares a key with, over others too."""
    parent = list(range(len(keys)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[Hashable, int] = {}
    for at, told in enumerate(keys):
        for key in told:
            one, other = sorted((root(first.setdefault(key, at)), root(at)))
            parent[other] = one
    return [root(at) for at in range(len(keys))]


def keys(message: Message) -> tuple[Hashable, ...]:
    """What a message shares with its copies and hardly with others."""
    text = _URL.sub(" ", plain_form(message.visible_text[:MOST_TEXT]))
    words = _WORD.findall(text)
    found: list[Hashable] = list(_bands(words)) if len(words) >= FEWEST_WORDS else []
    subject = " ".join(_WORD.findall(plain_form(message.subject)))
    if len(subject) > FEWEST_WORDS:
        found.append(("subject", subject, message.sender.domain))
    if len(words) < FEW_WORDS:
        found += [
            ("link", url.host, message.sender.domain)
            for link, url in web_links(message)[:1]
            if link.kind is LinkKind.ANCHOR
        ]
    return tuple(found)


def _bands(words: Sequence[str]) -> Iterator[Hashable]:
    """Minhashes of runs of words, in bands: texts nearly the same share one."""
    runs = {
        _number(" ".join(words[at : at + RUN])) for at in range(len(words) - RUN + 1)
    }
    least = [
        min(run ^ _number(f"mask {number}") for run in runs)
        for number in range(BANDS * ROWS)
    ]
    for band in range(BANDS):
        yield ("text", band, tuple(least[band * ROWS : (band + 1) * ROWS]))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
