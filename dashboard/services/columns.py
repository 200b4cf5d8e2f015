"""Which lists can be taken along, and what stands in their columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from dashboard.documents import analysis, audit
from dashboard.documents.base import Row, Selection
from dashboard.domain.permissions import Permission

Value = Callable[[Row], Any]


class Select(Protocol):
    """Puts facets into the selection of one list."""

    def __call__(
        self, facets: list[str], *, since: datetime, until: datetime
    ) -> Selection: ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as a table: where its rows are, what its columns hold, who may have it.

    `by` names the time its rows are ordered by.
    """

    collection: str
    by: str
    permission: Permission
    select: Select
    columns: Mapping[str, Value]
    fields: tuple[str, ...]
    first_window: timedelta = timedelta(days=1)


def field(name: str) -> Value:
    """The value of a stored field, or of one inside another ("decision.by")."""
    names = name.split(".")

    def read(row: Row) -> Any:
        value: Any = row
        for part in names:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return read


def _columns(*names: str, **renamed: str) -> dict[str, Value]:
    told = {name: name for name in names} | renamed
    return {shown: field(stored) for shown, stored in told.items()}


ANALYSES: Final = Sheet(
    "email_analyses",
    "received_at",
    Permission.READ_OWN_ANALYSES,
    analysis.select,
    {
        "id": lambda row: str(row["_id"]),
        **_columns("received_at", "subject", "sender", "sender_name", "recipient"),
        **_columns("status", "verdict", level="threat_level", risk="confidence_score"),
        **_columns(
            score="analysis_results.score",
            signals="detected_threats",
            ruleset="analyzer_version",
            decision="decision.verdict",
            category="decision.category",
            decided_by="decision.by",
            decided_at="decision.at",
        ),
        **_columns("owner", "file_name", "size", "sha256", "source"),
    },
    (
        *("received_at", "subject", "sender", "sender_name", "recipient", "status"),
        *("verdict", "threat_level", "confidence_score", "analysis_results.score"),
        *("detected_threats", "analyzer_version", "decision", "owner", "file_name"),
        *("size", "sha256", "source"),
    ),
)
AUDIT: Final = Sheet(
    "audit_logs",
    "timestamp",
    Permission.READ_AUDIT,
    audit.select,
    {
        "id": lambda row: str(row["_id"]),
        **_columns("timestamp", "actor", "user_id", "action", "event_type"),
        **_columns("description", "object_type", "object_id", "ip_address"),
        **_columns("user_agent", "request_id", "metadata"),
    },
    audit.LIST_FIELDS,
    timedelta(hours=6),
)
SHEETS: Final[dict[str, Sheet]] = {"analyses": ANALYSES, "audit": AUDIT}
