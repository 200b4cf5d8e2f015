"""What the organisation told the engine about itself. All of it may be empty."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """Facts a verdict may rest on that do not stand in the message."""

    trusted_servers: tuple[str, ...] = ()  # authserv-ids whose results are believed
    own_domains: tuple[str, ...] = ()  # the organisation's mail domains
    executives: tuple[str, ...] = ()  # display names attackers like to borrow
