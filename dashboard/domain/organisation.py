"""What an organisation says of itself: how each entry is written, and what is refused.

An entry is one line of text. A protected name is written with the domains it is at
home at: `Harbour Trust: harbourtrust.example, ht-post.example`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple

from dashboard.domain.context import Context, Protected
from dashboard.domain.domains import (
    MAX_HOST,
    ascii_host,
    ip_of,
    is_within,
    public_suffix,
)
from dashboard.domain.findings import Sentence
from dashboard.domain.forwarding import network
from dashboard.domain.names import shown
from dashboard.domain.rulesets import table

MAX_LINE: Final = 400
MAX_NAME: Final = 80
MIN_NAME: Final = 2
MAX_HOMES: Final = 10  # domains of one name
MAX_FAULTS: Final = 5  # of one field that are told at once
NARROWEST: Final = {4: 16, 6: 32}  # bits of a network that a forwarder may be
_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")


class Field(StrEnum):
    """What there is to say."""

    OWN_DOMAINS = "own_domains"
    EXECUTIVES = "executives"
    PROTECTED = "protected"
    TRUSTED_SERVERS = "trusted_servers"
    FORWARDERS = "forwarders"


MOST: Final[Mapping[str, int]] = {
    Field.OWN_DOMAINS: 100,
    Field.EXECUTIVES: 200,
    Field.PROTECTED: 50,
    Field.TRUSTED_SERVERS: 50,
    Field.FORWARDERS: 50,
}


class Fault(NamedTuple):
    """Why a line is refused; 0 is the field as a whole."""

    line: int
    why: Sentence


class NotAccepted(ValueError):
    """Entries that cannot be used, and what is wrong with each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].why)


class _Wrong(ValueError):
    """An entry that cannot be used."""


def entries(field: Field, text: str) -> tuple[str, ...]:
    """Read one entry a line, each in its usual form; raise `NotAccepted`.

    Empty lines and repetitions are left out.
    """
    found: dict[str, None] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        if len(found) > MOST[field] or len(faults) >= MAX_FAULTS:
            break
        if line.strip():
            try:
                found[_entry(field, line.strip())] = None
            except _Wrong as error:
                faults.append(Fault(number, error.args[0]))
    if len(found) > MOST[field]:
        said = Sentence("Write at most %(most)d lines.", most=MOST[field])
        faults.insert(0, Fault(0, said))
    if faults:
        raise NotAccepted(faults[:MAX_FAULTS])
    return tuple(found)


def written(context: Context) -> dict[Field, tuple[str, ...]]:
    """The entries of a context, as they are written."""
    return {
        Field.OWN_DOMAINS: context.own_domains,
        Field.EXECUTIVES: context.executives,
        Field.PROTECTED: tuple(_line(each) for each in context.protected),
        Field.TRUSTED_SERVERS: context.trusted_servers,
        Field.FORWARDERS: context.forwarders,
    }


def context_of(
    said: Mapping[Field, tuple[str, ...]], default: Context, version: int
) -> Context:
    """The context that entries amount to; what is not said stays as it was."""
    lines = {**written(default), **said}
    return replace(
        default,
        own_domains=lines[Field.OWN_DOMAINS],
        executives=lines[Field.EXECUTIVES],
        protected=tuple(_protected(line) for line in lines[Field.PROTECTED]),
        trusted_servers=lines[Field.TRUSTED_SERVERS],
        forwarders=lines[Field.FORWARDERS],
        version=version,
    )


def _entry(field: Field, line: str) -> str:
    if len(line) > MAX_LINE:
        raise _Wrong(Sentence("Write at most %(most)d characters.", most=MAX_LINE))
    return _READERS[field](line)


def _own(line: str) -> str:
    return _home(line.removeprefix("@"))


def _named(line: str) -> str:
    name, colon, homes = line.partition(":")
    if not colon or not homes.strip():
        raise _Wrong(Sentence("Write a name, a colon and the domains of its owner."))
    domains = dict.fromkeys(_home(each.strip()) for each in homes.split(",") if each)
    if len(domains) > MAX_HOMES:
        said = Sentence("Write at most %(most)d domains for a name.", most=MAX_HOMES)
        raise _Wrong(said)
    return _line(Protected(_name(name), tuple(domains)))


def _server(line: str) -> str:
    name = ascii_host(line)
    if not _is_host(name):
        raise _Wrong(
            Sentence("“%(entry)s” is not the name of a server.", entry=_cut(line))
        )
    return name


def _forwarder(line: str) -> str:
    place = network(line)
    if place is None:
        return _domain(line)
    if place.prefixlen < NARROWEST[place.version]:
        raise _Wrong(
            Sentence("“%(entry)s” is a network of too many.", entry=_cut(line))
        )
    single = place.prefixlen == place.max_prefixlen
    return str(place.network_address) if single else str(place)


def _home(text: str) -> str:
    """A domain that is somebody's own."""
    domain = _domain(text)
    if any(is_within(domain, each) for each in table("hosts")["freemail"]):
        raise _Wrong(
            Sentence("Anybody can have an address at “%(entry)s”.", entry=_cut(domain))
        )
    return domain


def _domain(text: str) -> str:
    name = ascii_host(text)
    if not _is_host(name) or "." not in name or ip_of(name):
        raise _Wrong(Sentence("“%(entry)s” is not a domain.", entry=_cut(text)))
    if public_suffix(name) == name:
        raise _Wrong(
            Sentence(
                "“%(entry)s” belongs to everybody who registers there.",
                entry=_cut(text),
            )
        )
    return name


def _name(text: str) -> str:
    name = shown(text)
    if not MIN_NAME <= len(name) <= MAX_NAME:
        limits = {"fewest": MIN_NAME, "most": MAX_NAME}
        raise _Wrong(
            Sentence("A name has %(fewest)d to %(most)d characters.", **limits)
        )
    if not (name[0].isalnum() and name[-1].isalnum()):
        raise _Wrong(
            Sentence(
                "“%(entry)s” has to begin and end with a letter.", entry=_cut(name)
            )
        )
    return name


def _is_host(name: str) -> bool:
    return len(name) <= MAX_HOST and _HOST.fullmatch(name) is not None


def _cut(entry: str) -> str:
    return shown(entry)[:MAX_NAME]


def _line(protected: Protected) -> str:
    return f"{protected.name}: {', '.join(protected.domains)}"


def _protected(line: str) -> Protected:
    name, _, homes = line.partition(": ")
    return Protected(name, tuple(homes.split(", ")))


_READERS: Final[Mapping[Field, Callable[[str], str]]] = {
    Field.OWN_DOMAINS: _own,
    Field.EXECUTIVES: _name,
    Field.PROTECTED: _named,
    Field.TRUSTED_SERVERS: _server,
    Field.FORWARDERS: _forwarder,
}
