"""A link that is no address but a page or a program in itself."""

import re
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_EVIDENCE, clickable, sighting

DATA_RULE = "link-data-uri"
SCRIPT_RULE = "link-javascript"
_PRESSED = frozenset({LinkKind.ANCHOR, LinkKind.FORM})
_IDLE = re.compile(r"(?:\s|;|void\(0?\)|history\.|window\.(?:close|print)\()*\Z", re.I)
_SCHEMES = (
    (
        DATA_RULE,
        frozenset({"data", "blob"}),
        Sentence("A link opens a page that is hidden inside the mail itself."),
    ),
    (
        SCRIPT_RULE,
        frozenset({"javascript", "vbscript", "mhtml", "ms-msdt", "search-ms", "file"}),
        Sentence("A link starts a program instead of opening a page."),
    ),
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose scheme carries content or code."""
    links = [(link, url) for link, url in clickable(message) if link.kind in _PRESSED]
    for rule, schemes, summary in _SCHEMES:
        found = [
            (link, url)
            for link, url in links
            if url.scheme in schemes and not _IDLE.match(url.path)
        ]
        if found:
            yield Finding(
                rule,
                summary,
                tuple(
                    sighting(message, link.place, f"{url.scheme}:", "https:")
                    for link, url in found[:MOST_EVIDENCE]
                ),
            )
