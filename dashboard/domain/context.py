"""What the organisation told the engine about itself. All of it may be empty."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Context:
    """Facts a verdict may rest on that do not stand in the message."""

    trusted_servers: tuple[str, ...] = ()  # authserv-ids whose results are believed
    own_domains: tuple[str, ...] = ()  # the organisation's mail domains
    executives: tuple[str, ...] = ()  # display names attackers like to borrow


DEMO: Final = "demo"  # how messages of the demonstration set are said to have come in

# The organisation that the demonstration set was written to.
DEMONSTRATED: Final = Context(
    trusted_servers=("mx.example.org",),
    own_domains=("example.org",),
    executives=("Chief Executive", "Finance Director"),
)


def context_for(source: str, organisation: Context) -> Context:
    """The facts to judge a message by: a demonstration brings its own world."""
    return DEMONSTRATED if source == DEMO else organisation
