"""A link that hides where it leads: a bare number, a false user name, an odd port."""

from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

from dashboard.domain.context import Context
from dashboard.domain.domains import is_ip_host
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
_INSIDE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"))
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report links whose host is an address or is dressed up as another one."""
    for rule, is_odd, expected, told in _ODDITIES:
        found = [(link, url) for link, url in told_links(message) if is_odd(url)]
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


def _observed(url: Url) -> str:
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _is_outside(url: Url) -> bool:
    """Whether an address can be reached by others than a colleague's machine."""
    if not is_ip_host(url.host):
        return True
    return not any(ip_address(url.host) in network for network in _INSIDE)


_Oddity = tuple[str, Callable[[Url], bool], str, Sentence]
_ODDITIES: tuple[_Oddity, ...] = (
    (
        IP_RULE,
        lambda url: is_ip_host(url.host) and _is_outside(url),
        "a name",
        Sentence("A link leads to the bare address %(host)s; companies use names."),
    ),
    (
        USERINFO_RULE,
        lambda url: bool(url.userinfo),
        "no user name",
        Sentence("A link starts with %(user)s to look familiar but leads to %(host)s."),
    ),
    (
        PORT_RULE,
        lambda url: url.has_odd_port and _is_outside(url),
        "the usual port",
        Sentence("A link leads to an unusual port of %(host)s."),
    ),
    (
        SUBDOMAINS_RULE,
        lambda url: url.host.count(".") >= MANY_DOTS or len(url.host) > LONG_HOST,
        "a short name",
        Sentence(
            "A link leads to %(host)s, a name so long that its end is overlooked."
        ),
    ),
)
