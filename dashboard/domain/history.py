"""What the organisation knows of a sender from earlier mail, as a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.domain.domains import ascii_host

SEVERAL_DAYS: Final = 3  # with mail, from which on a sender counts as known
KNOWN_AFTER: Final = 7  # days since the first of them
TRUSTED_AFTER: Final = 90  # days, after which a domain passes for no other's double
DEEP_AFTER: Final = 14  # days on record before a new sender is anything unusual


@dataclass(frozen=True, slots=True)
class History:
    """What earlier mail tells of a sender; nothing in it came from an unproven one."""

    day: date  # on which the message came in; later mail is left out
    since: date | None = None  # how far back the record reaches
    first_seen: date | None = None  # of mail of this address that nothing was wrong in
    days: int = 0  # different ones on which such mail came in; counted up to a dozen
    answered: int = 0  # mails of the organisation to this address
    judged_bad: int = 0  # mails of this address that people called phishing
    is_domain_met: bool = False  # mail was exchanged with the sender's organisation
    is_domain_trusted: bool = False  # it was written to, or is known for long
    held: tuple[str, ...] = ()  # ids named by the message: mails to this sender
    correspondents: tuple[str, ...] = ()  # domains the sender's could be taken for

    @property
    def is_known(self) -> bool:
        """Whether the organisation has dealt with this sender, and to no harm."""
        if self.judged_bad or self.answered:
            return not self.judged_bad
        return is_settled(self.day, self.first_seen, self.days)

    @property
    def is_first(self) -> bool:
        """Whether the record is deep enough to say that nobody of there wrote yet."""
        is_met = self.is_domain_met or self.days or self.answered or self.judged_bad
        if is_met or self.since is None:
            return False
        return (self.day - self.since).days >= DEEP_AFTER

    def as_fields(self) -> dict[str, object]:
        """The same as JSON, so that a verdict can be repeated."""
        return dict(_fields(self))


def is_settled(
    day: date, first: date | None, days: int, *, after: int = KNOWN_AFTER
) -> bool:
    """Whether mail came in on several days, the first of them long enough ago."""
    return first is not None and days >= SEVERAL_DAYS and (day - first).days > after


def _fields(history: History) -> Iterator[tuple[str, object]]:
    for name in sorted(History.__slots__):
        value = getattr(history, name)
        if isinstance(value, date):
            yield name, value.isoformat()
        else:
            yield name, list(value) if isinstance(value, tuple) else value


def address_key(mailbox: str) -> str:
    """What a mail address is kept under; "" for what is none."""
    local, at, host = mailbox.strip().rpartition("@")
    name = ascii_host(host)
    return f"address:{local.lower()}@{name}"[:320] if at and local and name else ""
