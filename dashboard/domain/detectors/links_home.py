"""Against deceit: every link leads back to the confirmed sender."""

from collections.abc import Iterator

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Polarity, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, is_listed, sighting, web_links

RULE = "links-all-home"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report mail whose links, common places apart, all stay with its sender."""
    if judge(message, context).state is not State.PASS:
        return
    home = organisation(message.sender.domain)
    links = [
        (link, url)
        for link, url in web_links(message)
        if not is_listed(url.host, "common-places")
    ]
    if links and all(organisation(url.host) == home for _, url in links):
        yield Finding(
            RULE,
            Sentence(
                "Every link leads to %(home)s, where the mail comes from.", home=home
            ),
            tuple(
                sighting(message, link.place, url.host)
                for link, url in links[:MOST_EVIDENCE]
            ),
            Polarity.AGAINST,
        )
