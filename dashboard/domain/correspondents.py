"""Those the organisation exchanges mail with: what they are known by."""

import hashlib
import re
from typing import Final

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.domains import brand_label, organisation, unicode_host
from dashboard.domain.history import address_key
from dashboard.domain.lookalike import distance, skeleton
from dashboard.domain.message import Message
from dashboard.domain.rulesets import table
from dashboard.domain.sightings import address_hosts, is_freemail

SHORTEST: Final = 4  # letters of a name that can be drawn like another one
SHORTEST_MISSPELT: Final = 6
LONGEST: Final = 30
MOST_HOSTS: Final = 3
MOST_REFERENCES: Final = 10
MOST_TEXT: Final = 4_000  # characters of a header that names earlier mail
_ID = re.compile(r"<([^<>\s]{1,250})>")


def domain_key(host: str) -> str:
    """What the organisation behind a host is kept under; "" where anyone can be."""
    home = organisation(host)
    return f"domain:{home}" if home and not is_freemail(home) else ""


def like_keys(host: str) -> tuple[str, ...]:
    """What names that look or are spelt nearly like this one share with it."""
    name = skeleton(_label(host))
    if len(name) < SHORTEST:
        return ()
    names = {name}
    if SHORTEST_MISSPELT - 1 <= len(name) <= LONGEST:
        names |= {name[:at] + name[at + 1 :] for at in range(len(name))}
    return tuple(sorted(f"like:{each}" for each in names))


def thread_key(message_id: str) -> str:
    """What a message id is kept as: its digest, for it may say whose mail it was."""
    digest = hashlib.sha256(message_id.strip(" <>").encode("utf-8", "replace"))
    return digest.hexdigest()[:32]


def references(message: Message) -> tuple[str, ...]:
    """The ids of the mails a message says it answers, the last ones first."""
    named: list[str] = []
    for name in ("In-Reply-To", "References"):
        header = message.first(name)
        found = _ID.findall(header.value[-MOST_TEXT:]) if header else []
        named += reversed(found)
    return tuple(dict.fromkeys(named))[:MOST_REFERENCES]


def wanted_keys(message: Message) -> tuple[str, ...]:
    """What the record is asked for before a message is judged."""
    sender = message.sender
    asked = [address_key(sender.mailbox), domain_key(sender.domain)]
    for host, _place in address_hosts(message)[:MOST_HOSTS]:
        asked += like_keys(host)
    return tuple(dict.fromkeys(key for key in asked if key))


def is_vouched(message: Message, context: Context) -> bool:
    """Whether a believable server confirmed the one sender a message shows.

    Nothing else counts as having come from somebody: who forges a sender would
    otherwise write the history of the one he forges.
    """
    is_one = len(message.senders) == 1
    return is_one and judge(message, context).state is State.PASS


def is_ours(host: str, context: Context) -> bool:
    """Whether a host belongs to the organisation itself."""
    home = organisation(host)
    return bool(home) and home in {organisation(own) for own in context.own_domains}


def passes_for(host: str, domain: str) -> bool:
    """Whether a name could be taken for another: drawn, spelt or ending otherwise."""
    if organisation(host) == organisation(domain):
        return False
    label, original = _label(host), _label(domain)
    if min(len(label), len(original)) < SHORTEST:
        return False
    if label == original:
        return label not in table("words")["everyday-labels"]
    drawn, meant = skeleton(label), skeleton(original)
    is_long = min(len(drawn), len(meant)) >= SHORTEST_MISSPELT
    return drawn == meant or (is_long and distance(drawn, meant, 1) <= 1)


def _label(host: str) -> str:
    return unicode_host(brand_label(host))
