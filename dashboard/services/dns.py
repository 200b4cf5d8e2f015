"""Asking DNS for text: few names, little time, and nobody asked twice in a row."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

import dns.nameserver
import dns.resolver
from dns.exception import DNSException
from dns.rdtypes.ANY.TXT import TXT

MOST_NAMES: Final = 14  # asked for one message
SECONDS: Final = 2.5  # in all, for one message
QUERY_SECONDS: Final = 0.7  # for one packet
NAME_SECONDS: Final = 1.5  # for one name, whatever is tried
MOST_SILENCES: Final = 6  # in a row; then nothing is asked for a while
LARGEST: Final = 8192  # bytes of text at one name
MOST_RECORDS: Final = 20
KEPT: Final = 2000  # names in memory
SHORTEST_LIFE: Final = 30.0  # seconds an answer, or silence, is kept
LONGEST_LIFE: Final = 3600.0
PAYLOAD: Final = 1232  # bytes of a packet that no network splits

Texts = tuple[bytes, ...] | None  # None: no answer, or none of use


class _Kept(NamedTuple):
    until: float
    texts: Texts


class Resolver:
    """Asks the servers of the settings, or those of the machine without any."""

    def __init__(self, servers: tuple[str, ...] = ()) -> None:
        self._servers = servers
        self._asked: dns.resolver.Resolver | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._silences = 0  # in a row
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def texts(self, names: Iterable[str]) -> dict[str, Texts]:
        """What TXT records hold at each name; a name without any has an empty tuple.

        Names beyond the bounds of number and time are None, as those are which the
        servers did not answer. Never raises for what a server does.
        """
        until = time.monotonic() + SECONDS
        found: dict[str, Texts] = {}
        for name in dict.fromkeys(names):
            if len(found) >= MOST_NAMES:
                found[name] = None
                continue
            with self._lock:
                found[name] = self._text(name.lower(), until)
        return found

    def _text(self, name: str, until: float) -> Texts:
        at = time.monotonic()
        known = self._kept.get(name)
        if known and at < known.until:
            self._kept.move_to_end(name)
            return known.texts
        if at < self._silent_until or at >= until:
            return None
        texts, life = self._asked_for(name, min(NAME_SECONDS, until - at))
        self._kept[name] = _Kept(time.monotonic() + life, texts)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return texts

    def _asked_for(self, name: str, seconds: float) -> tuple[Texts, float]:
        """What the servers say, and for how many seconds it holds."""
        try:
            answer = self._resolver().resolve(
                f"{name}.",
                "TXT",
                lifetime=seconds,
                search=False,
                raise_on_no_answer=False,
            )
        except dns.resolver.NXDOMAIN:
            self._silences = 0
            return (), SHORTEST_LIFE
        except dns.resolver.LifetimeTimeout:
            self._count_silence()
            return None, SHORTEST_LIFE
        except (DNSException, OSError, ValueError):
            return None, SHORTEST_LIFE
        self._silences = 0
        life = float(answer.rrset.ttl) if answer.rrset else SHORTEST_LIFE
        return _read(answer), min(max(life, SHORTEST_LIFE), LONGEST_LIFE)

    def _count_silence(self) -> None:
        """A server that is gone must not cost every message its seconds."""
        self._silences += 1
        if self._silences >= MOST_SILENCES:
            self._silent_until = time.monotonic() + SHORTEST_LIFE
            self._silences = 0

    def _resolver(self) -> dns.resolver.Resolver:
        if self._asked is None:
            made = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                made.nameservers = [_server(each) for each in self._servers]
            made.cache = None
            made.timeout = QUERY_SECONDS
            made.use_edns(0, 0, PAYLOAD)
            self._asked = made
        return self._asked


def _server(written: str) -> dns.nameserver.Nameserver:
    """A server from its address, in brackets before a port if it holds colons."""
    host, colon, port = written.rpartition(":")
    if colon and ("]" in host or ":" not in host):
        return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))
    return dns.nameserver.Do53Nameserver(written.strip("[]"))


def _read(answer: dns.resolver.Answer) -> Texts:
    records = [each for each in answer.rrset or () if isinstance(each, TXT)]
    texts = tuple(b"".join(each.strings) for each in records[:MOST_RECORDS])
    is_large = len(records) > MOST_RECORDS or sum(map(len, texts)) > LARGEST
    return None if is_large else texts
