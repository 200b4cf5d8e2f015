"""A link made by a machine that counts who fell for which offer."""

import re
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.strangers import strangers
from dashboard.domain.surroundings import is_answer
from dashboard.domain.urls import Url

RULE = "link-machine-made"
LONGEST_PATH = 300  # characters of an address that are looked at
DEEPEST = 3  # slashes before a token; deeper ones are files in somebody's archive
# Hexadecimal numbers name things in archives.
_TOKEN = re.compile(r"/(?=[^/]*\d)(?=[^/]*[G-Zg-z])[A-Za-z0-9_=]{24,}/?\Z")
_COUNTED = re.compile(
    r"/(?:cl|oop|un|uns|op|track|c|t|u|r)/[\w-]+/(?!(?:19|20)\d\d/)\d+/\d+/\d+"
    r"|[?&](?:aff|affid|aff_id|offer|offer_id|ofid|sub1|s1|clickid)=",
    re.I,
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report strangers' links that are rows of numbers or one long token."""
    away = strangers(message, context)
    found = [(link, url) for link, url in away if _is_made(url)]
    if found and not is_answer(message):
        yield Finding(
            RULE,
            Sentence(
                "A link to %(host)s is made to count the one who follows it.",
                host=found[0][1].host,
            ),
            tuple(
                sighting(message, link.place, url.path[:60])
                for link, url in found[:MOST_EVIDENCE]
            ),
        )


def _is_made(url: Url) -> bool:
    told = f"{url.path[:LONGEST_PATH]}?{url.query[:LONGEST_PATH]}"
    return bool(_COUNTED.search(told) or (not url.query and _is_token(url.path)))


def _is_token(path: str) -> bool:
    """Whether the last piece of a path is letters and digits without a word."""
    if len(path) > LONGEST_PATH or path.count("/") > DEEPEST:
        return False
    return _TOKEN.search(path) is not None
