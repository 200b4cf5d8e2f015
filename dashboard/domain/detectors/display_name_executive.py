"""The name of one of our own executives in front of a stranger's address."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.phrases import plain_form
from dashboard.domain.sightings import is_freemail, of_address, of_name

RULE = "display-name-executive"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a sender who bears an executive's name but writes from outside."""
    if not context.executives:
        return
    sender = message.sender
    shown = _words(sender.name)
    names = [name for name in context.executives if _words(name) <= shown]
    if not names or not sender.domain:
        return
    own = {organisation(domain) for domain in context.own_domains}
    is_outside = organisation(sender.domain) not in own if own else False
    if is_outside or is_freemail(sender.domain):
        yield Finding(
            RULE,
            Sentence(
                "The mail is signed %(name)s, one of your executives, but comes"
                " from %(domain)s, outside your organisation.",
                name=names[0],
                domain=sender.domain,
            ),
            (
                of_name(message, sender, names[0]),
                of_address(message, sender, expected=", ".join(context.own_domains)),
            ),
        )


def _words(name: str) -> frozenset[str]:
    """The words of a name in any order: "Last, First" is the same person."""
    plain = plain_form(name[:200])
    cleaned = "".join(c if c.isalnum() else " " for c in plain).split()
    return frozenset(cleaned) or frozenset({""})
