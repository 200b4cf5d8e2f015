"""A link that hides where it leads: a bare number, a false user name, an odd port."""

from collections.abc import Callable, Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host, is_outside
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting
from dashboard.domain.surroundings import told_links
from dashboard.domain.urls import Url

IP_RULE = "link-ip-host"
USERINFO_RULE = "link-userinfo"
PORT_RULE = "link-odd-port"
SUBDOMAINS_RULE = "link-many-subdomains"
MANY_DOTS = 6
LONG_HOST = 60


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose host is an address or is dressed up as another one."""
    doubtful = [(link, url) for link, url in told_links(message) if _may_be_odd(url)]
    for rule, is_odd, expected, told in _ODDITIES if doubtful else ():
        found = [(link, url) for link, url in doubtful if is_odd(url)]
        if found:
            first = found[0][1]
            yield Finding(
                rule,
                told.filled(host=first.host, user=first.userinfo[:60]),
                tuple(
                    sighting(message, link.place, _observed(url), expected)
                    for link, url in found[:MOST_EVIDENCE]
                ),
            )


def _may_be_odd(url: Url) -> bool:
    told = url.port is not None or bool(url.userinfo)
    return told or _is_long(url.host) or is_ip_host(url.host)


def _is_long(host: str) -> bool:
    return host.count(".") >= MANY_DOTS or len(host) > LONG_HOST


def _observed(url: Url) -> str:
    return url.host if url.port is None else f"{url.host}:{url.port}"


_Oddity = tuple[str, Callable[[Url], bool], str, Sentence]
_ODDITIES: tuple[_Oddity, ...] = (
    (
        IP_RULE,
        lambda url: is_ip_host(url.host) and is_outside(url.host),
        "a name",
        Sentence("A link leads to the bare address %(host)s; companies use names."),
    ),
    (
        USERINFO_RULE,
        lambda url: bool(url.userinfo),
        "no user name",
        Sentence("A link puts %(user)s in front but leads to %(host)s."),
    ),
    (
        PORT_RULE,
        lambda url: url.has_odd_port and is_outside(url.host),
        "the usual port",
        Sentence("A link leads to an unusual port of %(host)s."),
    ),
    (
        SUBDOMAINS_RULE,
        lambda url: _is_long(url.host),
        "a short name",
        Sentence(
            "A link leads to %(host)s, a name so long that its end is overlooked."
        ),
    ),
)
