"""Links that lead to somebody the sender has nothing to do with."""

from functools import lru_cache

from dashboard.domain.brands import owner_of
from dashboard.domain.domains import organisation
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.remembering import remembered
from dashboard.domain.sightings import homes, is_listed
from dashboard.domain.surroundings import is_answer as is_answer
from dashboard.domain.surroundings import told_links
from dashboard.domain.urls import Url

MOST_TEXT = 20_000  # characters of a text that is looked at
_FOLLOWED = frozenset({LinkKind.ANCHOR, LinkKind.FORM, LinkKind.TEXT, LinkKind.QR})
_REPORTERS = ("mailer-daemon", "postmaster", "mail delivery")

Led = tuple[Link, Url]


@remembered
def followed(message: Message) -> tuple[Led, ...]:
    """The links a reader may act behind; what any mail may hold is left out."""
    return tuple(
        (link, url)
        for link, url in told_links(message)
        if link.kind in _FOLLOWED and not _is_passing(url.host)
    )


@remembered
def strangers(message: Message, own_domains: tuple[str, ...]) -> tuple[Led, ...]:
    """Those that do not lead to the sender, to us or to the sender's company.

    A mail without a sender has none: nobody is a stranger to nobody.
    """
    links = followed(message) if message.sender.domain else ()
    if not links:
        return ()
    speakers = homes(message, own_domains)
    brand = owner_of(message.sender.domain)
    away = {
        host
        for host in {url.host for _, url in links}
        if organisation(host) not in speakers
        and not (brand is not None and brand.owns(host))
    }
    return tuple((link, url) for link, url in links if url.host in away)


@remembered
def is_report(message: Message) -> bool:
    """Whether a mail server reports on a mail it was given."""
    written = f"{message.sender.mailbox} {message.sender.name}".lower()
    kind = message.first("Content-Type")
    is_typed = kind is not None and "multipart/report" in kind.value.lower()
    return is_typed or any(mark in written for mark in _REPORTERS)


@lru_cache(maxsize=8192)
def _is_passing(host: str) -> bool:
    """Whether any mail may lead there; a page that anyone can put up is none such."""
    is_usual = is_listed(host, "common-places") or is_listed(host, "bulk-senders")
    return is_usual and not is_listed(host, "user-content")
