"""Which lists can be taken along, and what stands in their columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from dashboard.documents import analysis, audit, indicator, session, upload, user
from dashboard.documents.base import Row, Selection
from dashboard.domain.permissions import Permission

Value = Callable[[Row], Any]

ANY_TIME: Final = timedelta(days=3650)  # since a session was used


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


def _id(row: Row) -> str:
    return str(row["_id"])


def _columns(*names: str, **renamed: str) -> dict[str, Value]:
    told = {name: name for name in names} | renamed
    return {shown: field(stored) for shown, stored in told.items()}


ANALYSES: Final = Sheet(
    "email_analyses",
    "received_at",
    Permission.READ_OWN_ANALYSES,
    analysis.select,
    {
        "id": _id,
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
        "id": _id,
        **_columns("timestamp", "actor", "user_id", "action", "event_type"),
        **_columns("description", "object_type", "object_id", "ip_address"),
        **_columns("user_agent", "request_id", "metadata"),
    },
    audit.LIST_FIELDS,
    timedelta(hours=6),
)
INDICATORS: Final = Sheet(
    "threat_intelligence",
    "updated_at",
    Permission.READ_INDICATORS,
    indicator.select,
    {
        "id": _id,
        **_columns("indicator", type="indicator_type", level="threat_level"),
        **_columns("source", threat="threat_type", confidence="confidence_score"),
        **_columns("tags", "description", "created_at", "updated_at", "last_seen"),
    },
    (*indicator.LIST_FIELDS, "description", "created_at"),
)
USERS: Final = Sheet(
    "users",
    "created_at",
    Permission.MANAGE_USERS,
    user.select,
    {
        "id": _id,
        **_columns("username", "full_name", "email", "role"),
        "state": lambda row: user.state_of(row).value,
        **_columns("created_at", "invited_at", "last_login"),
    },
    user.LIST_FIELDS,
    user.FIRST_WINDOW,
)


def _sessions(facets: list[str], *, since: datetime, until: datetime) -> Selection:
    """Sessions that have not ended, unless those that have are asked for."""
    told = [facet for facet in facets if not facet.startswith("state:")]
    dates = {"since": since, "until": until}
    if "state:ended" in facets:
        return session.ended(told, dates)
    return session.live(told, until, ANY_TIME, dates)


SESSIONS: Final = Sheet(
    "persistent_sessions",
    "created_at",
    Permission.MANAGE_SESSIONS,
    _sessions,
    {
        "id": _id,
        **_columns("username", "user_id", "ip_address", "user_agent", "method"),
        "state": lambda row: "live" if row["active"] else "ended",
        **_columns("created_at", "last_seen", "expires_at"),
        **_columns("ended_at", "ended_by", "ended_why"),
    },
    session.LIST_FIELDS,
)
UPLOADS: Final = Sheet(
    "uploads",
    "received_at",
    Permission.READ_OWN_ANALYSES,
    upload.select,
    {
        "id": _id,
        **_columns("received_at", "name", "kind", "size", "sha256", "state", "reason"),
        **_columns("seen", "accepted", "refused", accepted_before="known"),
        **_columns("source", owner="actor"),
    },
    (*upload.LIST_FIELDS, "sha256", "reason"),
)
SHEETS: Final[dict[str, Sheet]] = {
    "analyses": ANALYSES,
    "audit": AUDIT,
    "indicators": INDICATORS,
    "users": USERS,
    "sessions": SESSIONS,
    "uploads": UPLOADS,
}
