"""What the organisation told the engine about itself. All of it may be empty."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from dashboard.domain.history import History
from dashboard.domain.scanning import Scanned
from dashboard.domain.verification import Verified


class Known(NamedTuple):
    """An indicator that a person put on record."""

    key: str  # kind and normalised value, "domain:example.com"
    level: str
    threat: str  # what kind of threat it stands for


class Protected(NamedTuple):
    """A name of the organisation or of a brand it looks after, and its domains."""

    name: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Facts a verdict may rest on that do not stand in the message."""

    trusted_servers: tuple[str, ...] = ()  # authserv-ids whose results are believed
    own_domains: tuple[str, ...] = ()  # the organisation's mail domains
    executives: tuple[str, ...] = ()  # display names attackers like to borrow
    forwarders: tuple[str, ...] = ()  # hosts and networks that pass mail on to us
    protected: tuple[Protected, ...] = ()  # names that are at home at few domains
    version: int = 0  # of the organisation's settings; 0: those of the server alone
    # Those of the known indicators that the message may hold; None: nobody looked.
    indicators: tuple[Known, ...] | None = None
    history: History | None = None  # of the sender; None: nobody looked
    verified: Verified | None = None  # by DNS; None: nobody looked
    scanned: Scanned | None = None  # by the rules of a folder; None: nobody looked

    def __hash__(self) -> int:
        # A message is asked about by its context again and again.
        return hash(self.trusted_servers)


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
