"""A link or button that names a well-known company and leads to somebody else."""

from collections.abc import Iterator

from dashboard.domain.brands import Brand, Mention, Ours, named_in
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Link, LinkKind, Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import (
    MOST_EVIDENCE,
    homes,
    is_listed,
    sighting,
    web_links,
)
from dashboard.domain.urls import Url

RULE = "link-brand-mismatch"
_ANCHOR = LinkKind.ANCHOR  # to name it at every link takes time
LONGEST_LABEL = 60  # characters; longer texts are prose that mentions a company


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report short link texts whose brand does not own the target."""
    speakers = homes(message, context.own_domains)
    found = [
        (link, url, brand)
        for link, url in web_links(message)
        if (brand := _borrowed(link, url, context.protected))
        and organisation(url.host) not in speakers
        and not is_listed(url.host, "bulk-senders")
    ]
    if found:
        link, url, brand = found[0]
        yield Finding(
            RULE,
            Sentence(
                "A link named “%(text)s” leads to %(host)s, which does not"
                " belong to %(brand)s.",
                text=link.text.strip(),
                host=url.host,
                brand=brand.title,
            ),
            tuple(
                sighting(message, link.text_place or link.place, url.host, brand.home)
                for link, url, brand in found[:MOST_EVIDENCE]
            ),
        )


def _borrowed(link: Link, url: Url, ours: Ours) -> Brand | None:
    if link.kind is not _ANCHOR or len(link.text) > LONGEST_LABEL:
        return None
    named = named_in(link.text, ours)
    if not named or any(mention.brand.owns(url.host) for mention in named):
        return None
    return named[0].brand if _is_call(link.text, named) else None


def _is_call(text: str, named: tuple[Mention, ...]) -> bool:
    """Whether a text says no more than whose page it is and what to do there."""
    words = table("words")
    plain = plain_form(text)
    for mention in named:
        for name in mention.brand.names:
            plain = plain.replace(plain_form(name), " ")
    rest = "".join(c if c.isalnum() else " " for c in plain).split()
    return not set(rest) - {*words["company-words"], *words["call-words"]}
