"""A link that shows one address and opens another."""

from collections import Counter
from collections.abc import Iterator

from dashboard.domain.brands import Ours, owner_of
from dashboard.domain.claims import shown_host
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.sightings import homes, is_listed, sighting, web_links
from dashboard.domain.urls import Url, split

RULE = "link-text-mismatch"
COUNTED_RULE = "link-text-counted"
MOST = 2  # lies shown, each by its text and its target
FEWEST_COUNTED = 10  # links of a newsletter through its own sender's counter
_ANCHOR = LinkKind.ANCHOR  # to name it at every link takes time


_Lie = tuple[Link, str, str]  # the link, the host it shows, the host it opens


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose visible address belongs to somebody else than the target.

    A newsletter that leads all its readers over its own sender's host is told apart.
    """
    speakers = homes(message, context.own_domains)
    lies = [
        (link, shown, url.host)
        for link, url in web_links(message)
        if link.kind is _ANCHOR
        and (shown := shown_host(link.text))
        and shown != split(link.url).host
        and organisation(shown) != organisation(url.host)
        and not _is_counted(shown, url, speakers, context.protected)
    ]
    counters = _counters(message) if lies else frozenset()
    counted = [
        lie
        for lie in lies
        if lie[2] in counters
        and organisation(lie[2]) in speakers
        and not _is_brand(lie, context.protected)
    ]
    if told := [lie for lie in lies if lie not in counted] or counted:
        _, shown, host = told[0]
        yield Finding(
            COUNTED_RULE if told is counted else RULE,
            Sentence(
                "A link shows %(shown)s but opens %(host)s.", shown=shown, host=host
            ),
            tuple(seen for lie in told[:MOST] for seen in _evidence(message, *lie)),
        )


def _counters(message: Message) -> frozenset[str]:
    """The hosts that many links of a mail lead over."""
    hosts = Counter(url.host for _, url in web_links(message))
    return frozenset(host for host, times in hosts.items() if times >= FEWEST_COUNTED)


def _is_brand(lie: _Lie, ours: Ours) -> bool:
    return owner_of(lie[1], ours) is not None


def _is_counted(shown: str, url: Url, houses: frozenset[str], ours: Ours) -> bool:
    """Whether a mailing service counts clicks on the way to a page.

    What it really leads to cannot be told; a brand's name is not given that credit.
    """
    is_brand = owner_of(shown, ours) is not None and organisation(shown) not in houses
    return is_listed(url.host, "bulk-senders") and not is_brand


def _evidence(message: Message, link: Link, shown: str, host: str) -> list[Evidence]:
    places = [place for place in (link.text_place, link.place) if place is not None]
    return [sighting(message, place, host, shown) for place in places]
