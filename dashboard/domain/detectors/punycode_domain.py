"""A domain in foreign letters that read as Latin ones."""

import unicodedata
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import ascii_host, unicode_host
from dashboard.domain.findings import Finding, Place, Sentence
from dashboard.domain.lookalike import skeleton
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    address_hosts,
    link_hosts,
    sighting,
)

SENDER_RULE = "punycode-domain"
LINK_RULE = "link-punycode"
_ALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU", "COPTIC"})


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report domains whose foreign letters pass for, or mix with, Latin ones."""
    for rule, hosts in (
        (SENDER_RULE, address_hosts(message)),
        (LINK_RULE, link_hosts(message)),
    ):
        found: list[tuple[str, Place]] = [
            (host, place) for host, place in hosts if _passes_for_latin(host)
        ]
        if found:
            host = found[0][0]
            yield Finding(
                rule,
                Sentence(
                    "The domain shown as %(shown)s is written in letters of another"
                    " script; it really is %(host)s.",
                    shown=unicode_host(host),
                    host=ascii_host(host),
                ),
                tuple(
                    sighting(message, place, ascii_host(host), "Latin letters")
                    for host, place in found[:MOST_EVIDENCE]
                ),
            )


def _passes_for_latin(host: str) -> bool:
    """Whether a label mixes scripts, or is foreign and looks Latin throughout."""
    if "xn--" not in ascii_host(host):
        return False
    for label in unicode_host(ascii_host(host)).split("."):
        scripts = {_script(char) for char in label if char.isalpha()}
        foreign = scripts - {"LATIN"}
        is_alike = "LATIN" in scripts or _reads_as_latin(label)
        if foreign & _ALIKE and is_alike:
            return True
    return False


def _reads_as_latin(label: str) -> bool:
    return skeleton(label).isascii() or plain_form(label).isascii()


def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0]
