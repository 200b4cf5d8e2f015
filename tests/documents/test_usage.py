"""Which indexes are used, as the server counts it."""

from datetime import UTC, datetime

import pytest

from dashboard.documents import usage
from dashboard.documents.usage import IndexUse, index_uses

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
LIST = "facets_1_received_at_1__id_1"


@pytest.fixture
def counting(app, database, monkeypatch):
    """A server that counts: nothing was used but the list of analyses."""

    def counted(collection):
        names = usage._indexes(collection)
        return {n: {"ops": 7 * (n == LIST), "since": SINCE} for n in names}

    monkeypatch.setattr(usage, "_counted", counted)


def of(collection, name):
    found = (u for u in index_uses() if (u.collection, u.name) == (collection, name))
    return next(found)


def test_every_declared_index_is_listed(app, database):
    fields = [u.fields for u in index_uses() if u.collection == "email_analyses"]

    assert ["facets", "received_at", "_id"] in fields
    assert ["origin_key"] in fields


def test_an_index_nobody_uses_is_flagged(counting):
    assert of("email_analyses", "sha256_1").is_unused
    assert not of("email_analyses", LIST).is_unused


def test_an_index_that_keeps_rows_unique_is_not(counting):
    assert not of("users", "username_1").is_unused
    assert not of("users", "_id_").is_unused


def test_zeros_of_a_server_that_does_not_count_mean_nothing():
    unknown = IndexUse("users", "role_1", ["role"], None, None, False)

    assert not unknown.is_unused


def test_the_page_lists_them_and_says_when_nobody_counts(viewer):
    told = viewer.client.get("/health/indexes").get_json()

    assert len(told["indexes"]) > 40
    assert told["counted"] or "does not count" in told["note"]


def test_the_page_flags_what_is_unused(viewer, counting):
    told = viewer.client.get("/health/indexes").get_json()

    assert "email_analyses.sha256_1" in told["unused"]
    assert told["note"] == ""
