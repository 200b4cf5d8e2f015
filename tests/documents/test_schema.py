"""Collections, fields and indexes: what the requirements name, made when missing."""

from datetime import datetime

import pytest
from bson import ObjectId

from dashboard.documents import schema, transactions
from dashboard.documents.audit import AuditLog
from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.documents.schema import DOCUMENTS
from dashboard.documents.user import User
from dashboard.domain.permissions import Role
from dashboard.services import accounts
from dashboard.services.audit import COMMAND
from tests import factories
from tests.factories import PASSWORD

NAMED = {
    *("users", "email_analyses", "persistent_sessions", "threat_intelligence"),
    *("audit_logs", "analysis_jobs", "oauth_states", "oauth_tokens"),
}
FIELDS = {
    "users": {
        *("_id", "username", "email", "full_name", "hashed_password", "is_active"),
        *("is_verified", "created_at", "updated_at", "last_login"),
    },
    "email_analyses": {
        *("user_id", "gmail_message_id", "subject", "sender", "recipient", "status"),
        *("received_at", "threat_level", "confidence_score", "analysis_results"),
        *("detected_threats", "analyzer_version", "created_at"),
    },
    "persistent_sessions": {
        *("session_id", "user_id", "ip_address", "user_agent", "created_at"),
        *("expires_at", "active"),
    },
    "audit_logs": {
        *("event_type", "action", "user_id", "description", "ip_address"),
        *("user_agent", "metadata", "timestamp"),
    },
}


@pytest.fixture
def used(app, database):
    """A database in which somebody was made, signed in and submitted a message."""
    made = {"username": "ada", "email": "ada@example.org", "full_name": "Ada"}
    accounts.create(**made, password=PASSWORD, role=Role.ANALYST, actor=COMMAND)
    owner = accounts.authenticate("ada", PASSWORD)
    factories.begin_session(owner)
    return factories.submitted(owner)


class TestCollections:
    def test_are_those_the_requirements_name(self, app, database):
        assert set(stored().list_collection_names()) >= NAMED

    @pytest.mark.parametrize("name", FIELDS)
    def test_have_the_fields_the_requirements_name(self, used, name):
        row = stored()[name].find_one({})

        assert FIELDS[name] <= set(row)

    @pytest.mark.parametrize("name", FIELDS)
    def test_hold_no_field_that_no_document_describes(self, used, name):
        document = next(d for d in DOCUMENTS if d._get_collection_name() == name)
        described = {f.db_field for f in document._fields.values()}
        for row in stored()[name].find({}):
            assert set(row) - {"_id"} == described - {"id", "_id"}

    def test_have_jobs_as_their_document_says(self, used):
        document = schema.AnalysisJob
        described = {field.db_field for field in document._fields.values()}

        assert set(stored()["analysis_jobs"].find_one({})) == {"_id", *described}

    def test_hold_every_field_with_its_type(self, used):
        row = stored()["email_analyses"].find_one({"_id": ObjectId(used)})

        assert isinstance(row["user_id"], str)
        assert isinstance(row["received_at"], datetime)
        assert isinstance(row["analysis_results"], dict)
        assert isinstance(row["detected_threats"], list)
        assert (row["status"], row["threat_level"]) == ("pending", None)

    def test_are_read_by_their_documents(self, used):
        transactions.leave()  # the next transaction notes a session of its own
        transactions.transact(lambda session: None)

        for document in DOCUMENTS:
            for found in document.objects.limit(5):
                found.validate()


class TestPrepare:
    def test_makes_everything_on_an_empty_database(self, app, database):
        stored().client.drop_database(stored().name)

        schema.prepare()

        assert set(schema.names()) <= set(stored().list_collection_names())
        assert all(schema.indexes().values())

    def test_may_run_again_at_any_time(self, app, database):
        before = schema.indexes()
        schema.prepare()

        assert schema.indexes() == before

    def test_makes_an_index_again_that_somebody_dropped(self, app, database):
        before = schema.indexes()
        stored()["email_analyses"].drop_index("received_at_1__id_1")

        schema.prepare()

        assert schema.indexes() == before


class TestIndexes:
    def test_are_exactly_those_declared(self, app, database):
        for document in DOCUMENTS:
            wanted = {tuple(index) for index in document.list_indexes()}
            name = document._get_collection_name()
            got = {tuple(i["key"]) for i in schema.indexes()[name].values()}
            assert got == wanted, name

    @pytest.mark.parametrize(
        ("collection", "fields"),
        [
            ("users", ["username"]),
            ("users", ["email"]),
            ("users", ["full_name_key"]),
            ("persistent_sessions", ["session_id"]),
            ("email_analyses", ["origin_key"]),
            ("analysis_jobs", ["analysis_id", "run"]),
            ("analysis_receipts", ["job_id"]),
            ("analysis_receipts", ["analysis_id", "run"]),
        ],
    )
    def test_keep_what_must_be_there_once(self, app, database, collection, fields):
        unique = [
            [name for name, _ in index["key"]]
            for index in schema.indexes()[collection].values()
            if index.get("unique")
        ]

        assert fields in unique

    @pytest.mark.parametrize(
        ("collection", "prefix"),
        [
            ("email_analyses", ["received_at", "_id"]),
            ("email_analyses", ["facets", "received_at", "_id"]),
            ("analysis_jobs", ["state", "lease_until"]),
            ("audit_logs", ["timestamp", "_id"]),
            ("audit_logs", ["facets", "timestamp", "_id"]),
            ("messages", ["file_id"]),
        ],
    )
    def test_serve_what_pages_and_jobs_ask(self, app, database, collection, prefix):
        keys = [
            [name for name, _ in index["key"]]
            for index in schema.indexes()[collection].values()
        ]

        assert prefix in keys


class TestDocuments:
    def test_of_the_trail_can_be_neither_changed_nor_deleted(self, used):
        event = AuditLog.objects.first()
        event.description = "nothing happened"
        everything = AuditLog.objects
        attempts = (
            event.save,
            event.delete,
            everything.delete,
            everything.modify,
            everything.update_one,
            everything.update,
        )

        for attempt in attempts:
            with pytest.raises(PermissionError):
                attempt()
        assert AuditLog.objects(description="nothing happened").count() == 0

    def test_hold_times_in_utc_cut_to_milliseconds(self, used):
        moment = User.objects.first().created_at

        assert moment.utcoffset().total_seconds() == 0
        assert moment.microsecond % 1000 == 0
        assert moment > BEGINNING
