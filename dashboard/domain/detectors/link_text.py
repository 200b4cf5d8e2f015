"""A link that shows one address and opens another."""

from collections import Counter
from collections.abc import Iterator

import re2

from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation, public_suffix
from dashboard.domain.findings import Evidence, Finding
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.rewriters import unwrap
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import homes, is_listed, sighting, web_links
from dashboard.domain.urls import Url, split

RULE = "link-text-mismatch"
COUNTED_RULE = "link-text-counted"
MOST = 2  # lies shown, each by its text and its target
FEWEST_COUNTED = 10  # links of a newsletter through its own sender's counter


_HOST = re2.compile(r"[\pL\pN_-]+(?:\.[\pL\pN\pM_-]+)+")
_Lie = tuple[Link, str, str]  # the link, the host it shows, the host it opens


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose visible address belongs to somebody else than the target.

    A newsletter that leads all its readers over its own sender's host is told apart.
    """
    speakers = homes(message, context.own_domains)
    lies = [
        (link, shown, url.host)
        for link, url in web_links(message)
        if link.kind is LinkKind.ANCHOR
        and (shown := _shown_host(link.text))
        and shown != split(link.url).host
        and organisation(shown) != organisation(url.host)
        and not _is_counted(shown, url, speakers)
    ]
    counters = _counters(message) if lies else frozenset()
    counted = [
        lie
        for lie in lies
        if lie[2] in counters
        and organisation(lie[2]) in speakers
        and not _is_brand(lie)
    ]
    if told := [lie for lie in lies if lie not in counted] or counted:
        _, shown, host = told[0]
        yield Finding(
            COUNTED_RULE if told is counted else RULE,
            f"A link shows {shown} but opens {host}.",
            tuple(seen for lie in told[:MOST] for seen in _evidence(message, *lie)),
        )


def _counters(message: Message) -> frozenset[str]:
    """The hosts that many links of a mail lead over."""
    hosts = Counter(url.host for _, url in web_links(message))
    return frozenset(host for host, times in hosts.items() if times >= FEWEST_COUNTED)


def _is_brand(lie: _Lie) -> bool:
    return owner_of(lie[1]) is not None


def _shown_host(text: str) -> str:
    """The host a link text claims to lead to, if it reads as an address."""
    words = text.strip()[:300].split()
    if len(words) != 1 or "@" in words[0]:
        return ""
    word = unwrap(words[0]).strip("<>()[]\"'.,;").lower()
    url = split(word if "://" in word else f"http://{word}")
    is_address = _HOST.fullmatch(url.host) and public_suffix(url.host) != url.host
    has_sign = "://" in word or word.startswith("www.") or "/" in word
    return url.host if is_address and (has_sign or _is_common(url.host)) else ""


def _is_common(host: str) -> bool:
    # "invoice.zip" and "e.g" are words with a dot; a bare host needs a usual ending.
    ending = public_suffix(host).rpartition(".")[2]
    return (
        ending in {"com", "org", "net", "gov", "edu", "eu", "io"} or len(ending) == 2
    ) and ending not in table("files")["source-endings"]


def _is_counted(shown: str, url: Url, speakers: frozenset[str]) -> bool:
    """Whether a mailing service counts clicks on the way to a page.

    What it really leads to cannot be told; a brand's name is not given that credit.
    """
    is_brand = owner_of(shown) is not None and organisation(shown) not in speakers
    return is_listed(url.host, "bulk-senders") and not is_brand


def _evidence(message: Message, link: Link, shown: str, host: str) -> list[Evidence]:
    places = [place for place in (link.text_place, link.place) if place is not None]
    return [sighting(message, place, host, shown) for place in places]
