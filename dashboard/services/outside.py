"""What a worker asks beside its own database about a message, where settings allow."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dashboard.domain.message import Message
from dashboard.domain.scanning import Scanned
from dashboard.domain.verification import Verified
from dashboard.services import verification, yara
from dashboard.services.dns import Resolver
from dashboard.services.yara import Rules


class Outside(NamedTuple):
    """Whom a worker may ask; whoever is missing is named in receipts as not asked."""

    resolver: Resolver | None = None
    rules: Rules | None = None


NOBODY = Outside()


def allowed(*, dns_checks: bool, dns_servers: Sequence[str], rules_dir: str) -> Outside:
    """Whom the settings allow to ask; made once in a process."""
    return Outside(
        _resolver(tuple(dns_servers)) if dns_checks else None,
        _rules(rules_dir) if rules_dir else None,
    )


def verify(message: Message, outside: Outside, *, at: datetime) -> Verified | None:
    """What DNS proves about a message; None when it is not to be asked."""
    if outside.resolver is None:
        return None
    return verification.verify(message, outside.resolver, at=at)


def scan(message: Message, outside: Outside) -> Scanned | None:
    """Which rules of the organisation's fit a message; None when there are none."""
    rules = outside.rules
    if rules is None:
        return None
    if rules.compiled is None:
        return Scanned(broken=rules.broken)
    tried = yara.scan(rules.compiled, _parts(message))
    return Scanned(tried.matches, rules.broken, tried.is_cut)


def _parts(message: Message) -> Iterator[tuple[str, bytes]]:
    for each in message.attachments:
        yield each.part, each.content
    yield "", message.raw


@cache
def _resolver(servers: tuple[str, ...]) -> Resolver:
    return Resolver(servers)


@cache
def _rules(folder: str) -> Rules:
    return yara.load(Path(folder))
