"""All collections and their indexes: made when missing, listed for whoever asks."""

from typing import Any

from mongoengine import Document

from dashboard.documents.analysis import Analysis, AnalysisReceipt
from dashboard.documents.audit import AuditLog
from dashboard.documents.connection import database
from dashboard.documents.correspondent import Correspondent
from dashboard.documents.counters import DailyCounter
from dashboard.documents.deletion import LooseEnd
from dashboard.documents.export import Export
from dashboard.documents.idempotency import IdempotencyKey
from dashboard.documents.indicator import Indicator, Sighting
from dashboard.documents.job import AnalysisJob
from dashboard.documents.message import AttachmentArchive, MessageView, StoredMessage
from dashboard.documents.organisation import Organisation
from dashboard.documents.preview import Preview
from dashboard.documents.ranking import SenderCounter
from dashboard.documents.session import PersistentSession
from dashboard.documents.token import OneTimeToken
from dashboard.documents.upload import Upload, UploadEntry
from dashboard.documents.user import Guard, User
from dashboard.documents.worker import OpenSession, WorkerHeartbeat

DOCUMENTS: tuple[type[Document], ...] = (
    User,
    PersistentSession,
    OneTimeToken,
    Guard,
    Analysis,
    AnalysisReceipt,
    AnalysisJob,
    StoredMessage,
    AttachmentArchive,
    MessageView,
    LooseEnd,
    Indicator,
    Sighting,
    Correspondent,
    Upload,
    UploadEntry,
    IdempotencyKey,
    DailyCounter,
    SenderCounter,
    WorkerHeartbeat,
    OpenSession,
    AuditLog,
    Export,
    Organisation,
    Preview,
)

# Named in the requirements, filled by features that are still to come.
RESERVED = ("oauth_states", "oauth_tokens")
FILES = ("fs.files", "fs.chunks")


def names() -> list[str]:
    """The collections the product writes to."""
    return [*(d._get_collection_name() for d in DOCUMENTS), *RESERVED, *FILES]


def prepare() -> None:
    """Create what is missing of collections and indexes. Safe to run at any time.

    Transactions can create neither, so this comes before the first write.
    """
    present = set(database().list_collection_names())
    for name in names():
        if name not in present:
            database().create_collection(name, check_exists=False)
    for document in DOCUMENTS:
        document.ensure_indexes()
    database()["fs.files"].create_index([("filename", 1), ("uploadDate", 1)])
    database()["fs.chunks"].create_index([("files_id", 1), ("n", 1)], unique=True)


def indexes() -> dict[str, dict[str, Any]]:
    """The indexes the database really has, by collection."""
    return {
        document._get_collection_name(): dict(
            database()[document._get_collection_name()].index_information()
        )
        for document in DOCUMENTS
    }
