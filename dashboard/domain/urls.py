"""URLs as a browser reads them, which is not always as they are written."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from dashboard.domain.domains import ascii_host, ip_of

MAX_URL = 4000

# Schemes that take an authority even when the slashes are wrong (WHATWG URL).
_SPECIAL = frozenset({"http", "https", "ftp", "ws", "wss"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{0,30}):")
_REMOVED = re.compile("[\x00-\x1f\x7f]+")
_EDGES = "".join(map(chr, range(33))) + "\u00a0\u200b\u200c\u200d\ufeff\u2060"
_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Url:
    """The pieces of a URL; `host` is lower case, in punycode, percent-decoded."""

    scheme: str = ""
    userinfo: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    query: str = ""
    fragment: str = ""

    @property
    def has_odd_port(self) -> bool:
        """Whether a port is given that is not the usual one of the scheme."""
        return self.port is not None and self.port != _PORTS.get(self.scheme)


def clean(url: str) -> str:
    """A URL as written, without what a browser drops: outer space, controls."""
    text = url.strip(_EDGES)
    return _REMOVED.sub("", text)[:MAX_URL] if text else ""


@lru_cache(maxsize=4096)
def split(url: str) -> Url:
    """Take a URL apart as a browser would. Never raises; an odd one has no host."""
    text = clean(url)
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    rest = text[found.end() :] if found else text
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    if scheme and scheme not in _SPECIAL:
        return _opaque(scheme, rest, query, fragment)
    plain = rest.replace("\\", "/")
    if not scheme and not plain.startswith("//"):
        return Url(path=rest, query=query, fragment=fragment)
    authority, slash, path = plain.lstrip("/").partition("/")
    userinfo, _, hostport = authority.rpartition("@")
    host, port = _host_port(hostport)
    return Url(scheme, userinfo, host, port, slash + path, query, fragment)


def host_of(url: str) -> str:
    """The host a URL leads to; empty when it has none."""
    return split(url).host


def join(base: str, url: str) -> str:
    """Resolve a relative reference against a base, as far as its host needs it."""
    home, reference = split(base), clean(url)
    if not home.host or _SCHEME.match(reference):
        return reference
    if reference.replace("\\", "/").startswith("//"):
        return f"{home.scheme}:{reference}"
    port = f":{home.port}" if home.port is not None else ""
    root = f"{home.scheme}://{home.host}{port}"
    if reference.startswith("/"):
        return (root + reference)[:MAX_URL]
    folder = home.path.rpartition("/")[0]
    return f"{root}{folder}/{reference}"[:MAX_URL]


def _opaque(scheme: str, rest: str, query: str, fragment: str) -> Url:
    if not rest.startswith("//"):
        return Url(scheme=scheme, path=rest, query=query, fragment=fragment)
    authority, slash, path = rest[2:].partition("/")
    userinfo, _, hostport = authority.rpartition("@")
    host, port = _host_port(hostport)
    return Url(scheme, userinfo, host, port, slash + path, query, fragment)


def _host_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, _, after = text[1:].partition("]")
        return ip_of(f"[{host}]") or host.lower(), _port(after.removeprefix(":"))
    host, _, port = text.partition(":")
    name = ascii_host(unquote(host))
    if not name or any(mark in name for mark in " <>\"'`|^{}"):
        return "", _port(port)
    return ip_of(name) or name, _port(port)


def _port(text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) < 65_536:
        return int(text)
    return None
