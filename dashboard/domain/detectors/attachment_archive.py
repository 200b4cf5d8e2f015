"""A locked archive: the filter cannot look inside, the password is in the mail."""

from collections.abc import Iterator

from dashboard.domain.archives import locked
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_name
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-encrypted-archive"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report archives that need a password."""
    if found := locked(message):
        yield Finding(
            RULE,
            Sentence(
                "The archive %(file)s is locked with a password, so nobody can"
                " check what is in it.",
                file=repr(found[0].name),
            ),
            tuple(
                sighting(message, in_name(each), each.name, "an open archive")
                for each in found[:MOST_EVIDENCE]
            ),
        )
