"""Every URL a message offers: anchors, forms, images, resources, plain text."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from dashboard.domain import rewriters, urls
from dashboard.domain.findings import Place
from dashboard.domain.html import Mention, Page
from dashboard.domain.message import Link, LinkKind, Part
from dashboard.domain.places import in_code, in_element, in_text, part_of

MAX_LINKS = 2000
MAX_SCANNED = 1_000_000  # characters of plain text searched for URLs
MAX_MARKS = 20_000  # places looked at that may be part of a URL

_START = re.compile(r"://")
_START_OR_WWW = re.compile(r"://|[wW]{3}\d?\.")
_SCHEME = re.compile(r"(?:https?|ftp|hxxps?|file|wss?)\Z", re.IGNORECASE)
_END = re.compile(r"[\s<>\"`\x00-\x20\u00a0\u200b\u3000\u00ab\u00bb\u201c\u201d]")
_FOLD = re.compile(r"\r?\n[ \t]")
_TRAILING = ".,;:!?'*_~|\u2026\u3001\u3002\uff0c\uff0e\uff1b\uff1a\uff01\uff1f"
_PAIRS = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08", "\u300d": "\u300c"}


def in_page(page: Page, part: str) -> Iterator[Link]:
    """The links of an HTML part, in the order of its elements."""
    base = urls.clean(page.base)
    for mention in page.mentions:
        if link := _of_mention(mention, part, base):
            yield link


def _of_mention(mention: Mention, part: str, base: str) -> Link | None:
    url = urls.clean(mention.written)
    if not url or url.startswith("#"):
        return None
    place = in_element(part, mention.path, mention.attribute)
    if mention.start is not None and mention.end is not None:
        place = part_of(place, mention.start, mention.end)
    elif url != mention.written and url in mention.written:
        at = mention.written.index(url)
        place = part_of(place, at, at + len(url))
    shown = None if mention.text is None else in_element(part, mention.path)
    whole = urls.join(base, url) if base else url
    target = rewriters.unwrap(whole)
    return Link(url, target, mention.text or "", mention.kind, place, shown)


def in_plain(text: str, place: Place, kind: LinkKind = LinkKind.TEXT) -> Iterator[Link]:
    """The bare URLs in a text that begins at the given place."""
    for start, end in spans(text[:MAX_SCANNED]):
        url = text[start:end]
        where = part_of(place, start, end)
        yield Link(url, rewriters.unwrap(_openable(url)), url, kind, where, where)


def in_part(part: Part) -> Iterator[Link]:
    """The bare URLs of a plain text or calendar part."""
    if part.media_type == "text/calendar":
        return _in_calendar(part)
    return in_plain(part.text, in_text(part, 0))


def _in_calendar(part: Part) -> Iterator[Link]:
    """The URLs of an invitation, whose long lines are folded (RFC 5545, 3.1)."""
    text = part.text[:MAX_SCANNED]
    whole = in_text(part, 0)
    if not _FOLD.search(text):
        yield from in_plain(text, whole, LinkKind.CALENDAR)
        return
    folds = [found.span() for found in _FOLD.finditer(text)]
    starts, ends = zip(*folds, strict=True)
    pieces = list(zip((0, *ends), (*starts, len(text)), strict=True))
    written = [at for start, end in pieces for at in range(start, end)]
    unfolded = "".join(text[start:end] for start, end in pieces)
    for link in in_plain(unfolded, whole, LinkKind.CALENDAR):
        start, end = link.place.start or 0, link.place.end or 0
        place = part_of(whole, written[start], written[end - 1] + 1)
        is_whole = written[end - 1] - written[start] == end - 1 - start
        yield link._replace(place=place, text_place=place if is_whole else None)


def in_codes(texts: Iterable[str], part: str) -> Iterator[Link]:
    """The URLs in the texts of QR codes, in the order of the codes."""
    for index, text in enumerate(texts):
        yield from in_plain(text, in_code(part, index), LinkKind.QR)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the bare URLs stand, without the punctuation of the sentence around."""
    last = 0
    has_bare = "www" in text or "WWW" in text or "Www" in text
    pattern = _START_OR_WWW if has_bare else _START
    for found in islice(pattern.finditer(text), MAX_MARKS):
        start = _begin(text, found, last)
        if start < 0:
            continue
        stop = _END.search(text, found.end(), found.end() + urls.MAX_URL)
        end = stop.start() if stop else min(len(text), found.end() + urls.MAX_URL)
        end = _trimmed(text, found.end(), end)
        if end > found.end():
            yield start, end
            last = end


def _begin(text: str, found: re.Match[str], last: int) -> int:
    """Where the URL around a mark begins, or -1 if the mark belongs to none."""
    if found.start() < last:
        return -1
    if found[0] != "://":
        before = text[found.start() - 1 : found.start()]
        return (
            -1 if before.isalnum() or before in {"-", "_", ".", "@"} else found.start()
        )
    scheme = _SCHEME.search(text, max(last, found.start() - 5), found.start())
    return scheme.start() if scheme else -1


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a URL without trailing punctuation and unbalanced brackets."""
    while end > start:
        mark = text[end - 1]
        if mark in _PAIRS:
            if text.count(mark, start, end) <= text.count(_PAIRS[mark], start, end):
                break
            end -= _surplus(text, start, end, mark)
        elif mark in _TRAILING:
            end -= 1
        else:
            break
    return end


def _surplus(text: str, start: int, end: int, mark: str) -> int:
    """How many closing brackets at the end have no opening one before."""
    closing = end - start - len(text[start:end].rstrip(mark))
    missing = text.count(mark, start, end) - text.count(_PAIRS[mark], start, end)
    return min(closing, missing)


def _openable(url: str) -> str:
    """The URL with the scheme a mail client adds, and a defanged one restored."""
    lower = url[:8].lower()
    if lower.startswith("hxxp"):
        return "http" + url[4:]
    return url if "://" in url[:10] else "http://" + url


def not_shown(found: Iterable[Link], shown: Iterable[Link]) -> Iterator[Link]:
    """Bare URLs that are not the shown text of an anchor already listed."""
    texts = "\n".join(link.text for link in shown if link.text)
    return (link for link in found if link.url not in texts)
