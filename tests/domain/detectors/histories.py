"""What the organisation may have on record of a sender, for detectors."""

from datetime import date, timedelta
from typing import Any

from dashboard.domain.context import Context
from dashboard.domain.history import History

DAY = date(2026, 11, 2)
OLD = DAY - timedelta(60)


def knowing(**told: Any) -> Context:
    """The context of an organisation that has this on record."""
    history = History(DAY, **{"since": OLD, **told})
    return Context(own_domains=("example.org",), history=history)


WELL_KNOWN = knowing(first_seen=OLD, days=9, is_domain_met=True)
ANSWERED = knowing(answered=2, is_domain_met=True, is_domain_trusted=True)
HELD = knowing(answered=1, held=("7@example.org",), is_domain_met=True)
NEW = knowing()
