"""A locked archive: the filter cannot look inside, the password is in the mail."""

from collections.abc import Iterator

from dashboard.domain.archives import locked
from dashboard.domain.context import Context
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message
from dashboard.domain.places import in_name
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "attachment-encrypted-archive"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report archives that need a password."""
    if found := locked(message):
        yield Finding(
            RULE,
            f"The archive {found[0].name!r} is locked with a password,"
            " so nobody can check what is in it.",
            tuple(
                sighting(message, in_name(each), each.name, "an open archive")
                for each in found[:MOST_EVIDENCE]
            ),
        )
