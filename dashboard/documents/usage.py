"""How often the database has used each index, as far as it counts that."""

from datetime import datetime
from typing import Any, NamedTuple

from pymongo.errors import OperationFailure

from dashboard.documents import schema
from dashboard.documents.connection import database

Row = dict[str, Any]


class IndexUse(NamedTuple):
    """One index, and how often it was used since when; None where nobody counts."""

    collection: str
    name: str
    fields: list[str]
    uses: int | None
    since: datetime | None
    is_unique: bool

    @property
    def is_unused(self) -> bool:
        """Whether it only costs; what keeps rows unique is needed without reading."""
        return self.uses == 0 and not self.is_unique


def index_uses() -> list[IndexUse]:
    """Every index of every collection, by their names."""
    return [
        _use(collection, index, counted.get(name, {}))
        for collection in sorted(schema.names())
        for counted in (_counted(collection),)
        for name, index in sorted(_indexes(collection).items())
    ]


def _indexes(collection: str) -> dict[str, Row]:
    return {row["name"]: dict(row) for row in database()[collection].list_indexes()}


def _counted(collection: str) -> dict[str, Row]:
    """What the server has counted, by index; nothing where it does not count."""
    try:
        rows = list(database()[collection].aggregate([{"$indexStats": {}}]))
    except OperationFailure:  # not known to this server, or not allowed
        return {}
    # A server that never says since when has not counted: its zeros mean nothing.
    return {r["name"]: r["accesses"] for r in rows if r["accesses"].get("since")}


def _use(collection: str, index: Row, counted: Row) -> IndexUse:
    fields = list(index["key"])
    return IndexUse(
        collection=collection,
        name=index["name"],
        fields=fields,
        uses=int(counted["ops"]) if counted else None,
        since=counted.get("since"),
        is_unique=bool(index.get("unique")) or fields == ["_id"],
    )
