"""Messages that went through the real engine and were stored as a worker does it."""

from pathlib import Path
from typing import Any

from bson import ObjectId

from dashboard.documents.analysis import Analysis
from dashboard.documents.connection import database
from dashboard.documents.user import Account
from dashboard.domain.context import Context
from dashboard.services import examinations
from tests import factories

MESSAGES = Path(__file__).parent.parent / "messages"
SPOOF = "paypal-spoof-forged-results.eml"
SMUGGLER = "html-smuggling-invoice.eml"


def message(name: str) -> bytes:
    """The source of one of the demonstration messages."""
    return (MESSAGES / name).read_bytes()


def run(analysis_id: str) -> None:
    """Examine the message of an analysis that waits, as a worker would."""
    wanted = {"analysis_id": ObjectId(analysis_id), "state": "queued"}
    job = database()["analysis_jobs"].find_one(wanted)
    assert job is not None
    examinations.run(str(job["_id"]), "task", Context())


def examined(owner: Account, raw: bytes | str = SPOOF) -> str:
    """A submitted and examined message; returns the id of its analysis."""
    source = message(raw) if isinstance(raw, str) else raw
    analysis_id = factories.submitted(owner, source)
    run(analysis_id)
    return analysis_id


def stored(analysis_id: str) -> dict[str, Any]:
    """The row of an analysis as it is now."""
    row = Analysis._get_collection().find_one({"_id": ObjectId(analysis_id)})
    assert row is not None
    return dict(row)


def actions() -> list[str]:
    """Everything the trail tells, oldest first."""
    return [row["action"] for row in database()["audit_logs"].find({})]
