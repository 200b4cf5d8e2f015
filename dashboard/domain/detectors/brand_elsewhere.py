"""A mail in a company's name that neither comes from it nor leads to it."""

from collections.abc import Iterator

from dashboard.domain.brands import owner_of
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.sightings import MOST_LINKS, homes, organisations, sighting
from dashboard.domain.spoken import Claim, claims
from dashboard.domain.strangers import is_empty, strangers
from dashboard.domain.surroundings import is_answer
from dashboard.domain.urls import split

RULE = "brand-elsewhere"
_SHOWN = frozenset({LinkKind.IMAGE, LinkKind.RESOURCE})
MOST_HOSTS = 2  # of strangers; who leads to more tells the news


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a brand the mail speaks for, of which no host stands anywhere in it."""
    away = strangers(message, context)
    if not away or _is_known(message, context):
        return
    if len({url.host for _, url in away}) > MOST_HOSTS:
        return
    claim = _unfounded(message, context)
    if claim and not is_answer(message):
        name = claim.brand.title
        yield Finding(
            RULE,
            Sentence(
                "The mail speaks for %(brand)s, but neither its sender nor any of its"
                " links belongs to %(brand)s.",
                brand=name,
            ),
            (sighting(message, claim.place, name, claim.brand.home),),
        )


def _is_known(message: Message, context: Context) -> bool:
    """Whether we or a brand of the table sent it: they may speak of others."""
    is_ours = homes(message) & organisations(context.own_domains)
    return (
        bool(is_ours) or owner_of(message.sender.domain, context.protected) is not None
    )


def _unfounded(message: Message, context: Context) -> Claim | None:
    """The first claim, if no brand that is spoken for stands behind the mail."""
    made = tuple(claims(message, context.protected))
    brands = {claim.brand for claim in made}
    present = _hosts(message) if made else set()
    is_backed = any(brand.owns(host) for brand in brands for host in present)
    return made[0] if made and not is_backed else None


def _hosts(message: Message) -> set[str]:
    """Every host that a sender's address or a link names; pictures are borrowed."""
    written = (message.sender, message.return_path, *message.reply_to)
    links = message.links[:MOST_LINKS]
    led = (link for link in links if link.kind not in _SHOWN)
    shown = (link for link in led if not is_empty(message, link))
    found = {split(link.target).host for link in shown}
    return {host for host in found | {each.domain for each in written} if host}
