"""What a worker asks beside its own database about a message, where settings allow."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from dashboard.domain.message import Message
from dashboard.domain.verification import Verified
from dashboard.services import verification
from dashboard.services.dns import Resolver


class Outside(NamedTuple):
    """Whom a worker may ask; whoever is missing is named in receipts as not asked."""

    resolver: Resolver | None = None


NOBODY = Outside()


def allowed(*, dns_checks: bool, dns_servers: Sequence[str]) -> Outside:
    """Whom the settings allow to ask; made once in a process."""
    return Outside(_resolver(tuple(dns_servers)) if dns_checks else None)


def verify(message: Message, outside: Outside, *, at: datetime) -> Verified | None:
    """What DNS proves about a message; None when it is not to be asked."""
    if outside.resolver is None:
        return None
    return verification.verify(message, outside.resolver, at=at)


@cache
def _resolver(servers: tuple[str, ...]) -> Resolver:
    return Resolver(servers)
