"""A link that hides where it leads: a bare number, a false user name, an odd port."""

from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host
from dashboard.domain.findings import Finding
from dashboard.domain.message import Link, Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting, web_links
from dashboard.domain.urls import Url

IP_RULE = "link-ip-host"
USERINFO_RULE = "link-userinfo"
PORT_RULE = "link-odd-port"
SUBDOMAINS_RULE = "link-many-subdomains"
MANY_LABELS = 6
LONG_HOST = 60
_INSIDE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"))
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose host is an address or is dressed up as another one."""
    links = list(web_links(message))
    for rule, is_odd, expected, summary in _ODDITIES:
        found = [(link, url) for link, url in links if is_odd(url)]
        if found:
            yield _finding(message, rule, found, expected, summary)


def _finding(
    message: Message,
    rule: str,
    found: list[tuple[Link, Url]],
    expected: str,
    summary: str,
) -> Finding:
    evidence = (
        sighting(message, link.place, _observed(url), expected)
        for link, url in found[:MOST_EVIDENCE]
    )
    told = summary.format(host=found[0][1].host, user=found[0][1].userinfo[:60])
    return Finding(rule, told, tuple(evidence))


def _observed(url: Url) -> str:
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _is_inside(host: str) -> bool:
    """Whether an address exists in a private network only: a colleague's machine."""
    return is_ip_host(host) and any(ip_address(host) in network for network in _INSIDE)


def _is_crowded(url: Url) -> bool:
    return url.host.count(".") >= MANY_LABELS or len(url.host) > LONG_HOST


_Oddity = tuple[str, Callable[[Url], bool], str, str]
_ODDITIES: tuple[_Oddity, ...] = (
    (
        IP_RULE,
        lambda url: is_ip_host(url.host) and not _is_inside(url.host),
        "a name",
        "A link leads to the bare address {host}; companies use names.",
    ),
    (
        USERINFO_RULE,
        lambda url: bool(url.userinfo),
        "no user name",
        "A link starts with {user} to look familiar but leads to {host}.",
    ),
    (
        PORT_RULE,
        lambda url: url.has_odd_port and not _is_inside(url.host),
        "the usual port",
        "A link leads to an unusual port of {host}.",
    ),
    (
        SUBDOMAINS_RULE,
        _is_crowded,
        "a short name",
        "A link leads to {host}, a name so long that its end is overlooked.",
    ),
)
